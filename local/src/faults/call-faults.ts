import type { ServerResponse } from 'node:http';
import type { Clock } from '../core/clock';
import type { AwsRequest, ServiceHandler } from '../core/aws-request';
import { functionOfToken, sessionTokenOf } from '../lambda/session-token';
import type { Faults, OrderedFault } from './faults';
import { nameCall } from './name-call';
import { actionPrefix } from './operation';
import { answerServiceError } from './service-error';
import { stopProcess } from './stop-process';
import { pause } from './pause';
import { answerHalf, hangUp, withholdAnswer } from './withheld-answer';
import type { CondemnedWorker } from './worker-faults';

export interface CallFaultOptions {
  faults: Faults;
  clock: Clock;
  /** The ARN of a role's session by its access key; undefined for a person's. */
  callerArn: (accessKeyId: string | undefined) => string | undefined;
}

/** Everyone who is neither a function nor a role. */
const PEOPLE = 'people';

/** Handles a call to a service under the faults that are ordered for it. */
export function handleUnderFaults(
  options: CallFaultOptions,
  handle: ServiceHandler,
): ServiceHandler {
  const { faults } = options;
  return async (request, response) => {
    if (!faults.active() || request.service === undefined) return handle(request, response);
    const worker = faults.workers.called(sessionTokenOf(request) ?? '');
    if (worker) return handleForCondemned(worker, handle, request, response);
    if (!faults.watches(actionPrefix(request.service))) return handle(request, response);
    const named = await nameCall(request);
    const ordered =
      named.call && faults.meet(named.call.action, named.call.subject, callerOf(options, request));
    if (!ordered) return handle(named.request, response);
    return strike(options, ordered, handle, named.request, response);
  };
}

/** The worker dies before or after this call takes place, and never sees an answer. */
async function handleForCondemned(
  { ordered, kill }: CondemnedWorker,
  handle: ServiceHandler,
  request: AwsRequest,
  response: ServerResponse,
): Promise<void> {
  const die = (): void => {
    ordered.strike();
    void kill();
    hangUp(response);
  };
  if (ordered.fault.kind === 'kill-at-call') return die();
  withholdAnswer(response, die);
  await handle(request, response);
}

async function strike(
  { clock }: CallFaultOptions,
  ordered: OrderedFault,
  handle: ServiceHandler,
  request: AwsRequest,
  response: ServerResponse,
): Promise<void> {
  const { fault } = ordered;
  switch (fault.kind) {
    case 'throttle':
    case 'error':
      ordered.strike();
      // What is sent is read off all the same, or the connection is of no use any more.
      request.http.resume();
      return answerServiceError(fault.kind, request, response);
    case 'hang-up':
      ordered.strike();
      return hangUp(response);
    case 'delay':
      ordered.strike();
      await pause(clock, fault.ms);
      return handle(request, response);
    case 'stop-process':
      ordered.strike();
      return stopProcess();
    default:
      withholdAnswer(response, (answer) => {
        ordered.strike();
        if (fault.kind === 'stop-process-after') stopProcess();
        else if (fault.kind === 'truncate') answerHalf(response, answer);
        else if (fault.kind === 'hang-up-after') hangUp(response);
        else {
          for (const name of response.getHeaderNames()) response.removeHeader(name);
          answerServiceError('error', request, response);
        }
      });
      return handle(request, response);
  }
}

function callerOf({ callerArn }: CallFaultOptions, request: AwsRequest): string {
  const functionName = functionOfToken(sessionTokenOf(request) ?? '');
  return functionName ?? callerArn(request.accessKeyId)?.split('/')[1] ?? PEOPLE;
}
