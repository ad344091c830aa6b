import type { ServerResponse } from 'node:http';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import type { Activity } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import { readBody, type ServiceHandler } from '../core/aws-request';
import { parseFaultPlan, type FaultPlan } from '../faults/fault-plan';
import type { Faults } from '../faults/faults';
import type { Services } from './open-services';

/** The paths below it are saleslake's own and no AWS service's. */
export const INTERNAL_PREFIX = '/_saleslake/';

/** The answer to `GET streams`. */
export interface StreamsState {
  pipes: ReturnType<Services['pipes']['pipes']>;
  deliveryStreams: ReturnType<Services['firehose']['deliveryStreams']>;
}

export interface InternalApi {
  handler: ServiceHandler;
  /** Passes an activity on to whoever follows. */
  tell(activity: Activity): void;
}

/**
 * What other saleslake processes ask of a running local AWS:
 * - `GET health`: whether it is up.
 * - `GET activity`: each Activity from now on, a line of JSON each, until the caller hangs up.
 * - `PUT functions/<name>/redirect` with `{"endpoint": "http://…"}`: invocations go to the Lambda
 *   API there. `DELETE` ends that.
 * - `GET streams`: pipes and delivery streams, and how far behind they are.
 * - `POST firehose/flush`: delivers what delivery streams buffer, as if their intervals had passed.
 * - `POST faults` with a plan: faults strike as it says. `DELETE` ends faults.
 */
export function openInternalApi(
  services: () => Services | undefined,
  faults: () => Faults,
): InternalApi {
  const followers = new Set<ServerResponse>();
  return {
    tell(activity) {
      if (followers.size === 0) return;
      const line = `${JSON.stringify(activity)}\n`;
      for (const follower of followers) follower.write(line);
    },

    async handler(request, response) {
      const { lambda, pipes, firehose } = opened(services());
      const path = request.path.slice(INTERNAL_PREFIX.length);
      const [, functionName] = /^functions\/([^/]+)\/redirect$/.exec(path) ?? [];
      try {
        if (path === 'health' && request.method === 'GET') {
          answer(response, 200, { status: 'ok', pid: process.pid });
        } else if (path === 'activity' && request.method === 'GET') {
          response.writeHead(200, { 'content-type': 'application/x-ndjson' });
          response.flushHeaders();
          followers.add(response);
          response.once('close', () => followers.delete(response));
        } else if (path === 'streams' && request.method === 'GET') {
          const state: StreamsState = {
            pipes: pipes.pipes(),
            deliveryStreams: firehose.deliveryStreams(),
          };
          answer(response, 200, state);
        } else if (path === 'firehose/flush' && request.method === 'POST') {
          await firehose.flush();
          answer(response, 200, {});
        } else if (path === 'faults' && request.method === 'POST') {
          const plan = readPlan((await readBody(request.http)).toString('utf8'));
          faults().start(plan);
          answer(response, 200, { rules: plan.rules.length });
        } else if (path === 'faults' && request.method === 'DELETE') {
          faults().stop();
          answer(response, 200, {});
        } else if (functionName !== undefined && request.method === 'PUT') {
          const endpoint = readEndpoint((await readBody(request.http)).toString('utf8'));
          lambda.redirect(decodeURIComponent(functionName), endpoint);
          answer(response, 200, { endpoint });
        } else if (functionName !== undefined && request.method === 'DELETE') {
          lambda.redirect(decodeURIComponent(functionName), undefined);
          answer(response, 200, {});
        } else {
          answer(response, 404, { message: `There is no ${request.method} ${request.path}.` });
        }
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        answer(response, error.statusCode, { message: error.message });
      }
    },
  };
}

// Requests wait until the services are open.
function opened(services: Services | undefined): Services {
  if (!services) throw new Error('A request came before the services were open.');
  return services;
}

function readPlan(body: string): FaultPlan {
  try {
    return parseFaultPlan(body, 'The plan');
  } catch (error) {
    if (!(error instanceof SaleslakeError)) throw error;
    throw new AwsError('ValidationException', error.message);
  }
}

function readEndpoint(body: string): string {
  try {
    const { endpoint } = JSON.parse(body) as { endpoint?: unknown };
    if (typeof endpoint === 'string' && URL.canParse(endpoint)) return endpoint;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new AwsError('ValidationException', `Expected {"endpoint": "http://…"}, found ${body}`);
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}
