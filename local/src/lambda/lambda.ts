import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Measure } from '../cloudwatch/metric-datum';
import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import type { ServiceHandler } from '../core/aws-request';
import { beforeInvocation, underFault } from '../faults/invocation-faults';
import { openAsyncQueue } from './async-queue';
import { checkConfig } from './check-config';
import type { ErrorPayload, FunctionConfig, InvokeResult } from './function-config';
import { functionMeter } from './function-meter';
import { openInvocationLog } from './invocation-log';
import {
  deadLetterAttributes,
  invocationRecord,
  type AsyncEvent,
  type Condition,
  type MessageAttributes,
} from './invocation-record';
import { checkPayloadSize } from './limits';
import { invokeLocally } from './local-invocation';
import { openRemoteLambda, type RemoteLambda } from './remote-invocation';
import { functionNotFound, plainName, restApi } from './rest-api';
import { runtimeEnvironment, type FunctionCredentials } from './runtime-environment';
import { startSandbox, type Sandbox } from './sandbox';
import { newSessionToken } from './session-token';
import { openWarmPool, type WarmPool } from './warm-pool';
import { wholeLines } from './whole-lines';

export type { ErrorPayload, FunctionConfig, InvokeResult } from './function-config';
export type { MessageAttributes } from './invocation-record';

export interface Lambda {
  /** Lambda's REST API. */
  handler: ServiceHandler;
  /**
   * Creates a function or replaces it; what runs meanwhile ends with the old code.
   * Throws InvalidParameterValueException for what AWS would refuse.
   */
  createFunction(config: FunctionConfig): void;
  /**
   * Runs a function and waits. A function that fails is a result, not an exception.
   * Throws ResourceNotFoundException, RequestEntityTooLargeException, TooManyRequestsException
   * where as many run as may, and ServiceException where the function could not be run.
   */
  invoke(functionNameOrArn: string, payload: unknown): Promise<InvokeResult>;
  /**
   * Queues an invocation, durably on return, to begin after a delay where one is given.
   * Throws ResourceNotFoundException and RequestEntityTooLargeException.
   */
  invokeAsync(functionNameOrArn: string, payload: unknown, delayMs?: number): void;
  /**
   * Sends a function's invocations to another process's Lambda API, until told undefined or nobody
   * listens there any more.
   */
  redirect(functionName: string, endpoint: string | undefined): void;
  functions(): FunctionConfig[];
  /** True while a function runs. */
  busy(): boolean;
  /** True where nothing runs and nothing is queued. */
  idle(): boolean;
  /** Begins with what the last process left in the asynchronous queue. */
  start(): void;
  /** Gives what runs a few seconds to end, then cuts it off; the queue keeps what was cut off. */
  stop(): Promise<void>;
}

export interface LambdaOptions {
  /** A role's credentials, which its functions get. */
  credentialsFor(roleArn: string): FunctionCredentials;
  /**
   * Delivers the outcome of an asynchronous invocation to a queue, topic, function or event bus;
   * durable on return. To a destination the body is an invocation record, to a dead-letter queue
   * it is the event itself, with attributes.
   */
  deliver(arn: string, body: unknown, attributes?: MessageAttributes): void;
  /** Takes what Lambda measures of its functions. */
  measure?: Measure;
  /** Takes what functions log, by whole lines. */
  onLog?(functionName: string, text: string): void;
  /** How many invocations of a function may run at once where it reserves no number. */
  concurrency?: number;
  /** How long a worker is kept warm, in milliseconds of real time. */
  idleMs?: number;
  /** How long `stop` waits, in milliseconds of real time. */
  graceMs?: number;
}

interface LocalFunction {
  config: FunctionConfig;
  pool: WarmPool;
}

/** What a role needs to be allowed for its function's outcomes to be delivered. */
const DELIVERY_ACTIONS: Record<string, string> = {
  sqs: 'sqs:SendMessage',
  sns: 'sns:Publish',
  lambda: 'lambda:InvokeFunction',
  events: 'events:PutEvents',
};

/**
 * Opens a Lambda whose functions run in worker threads of this process.
 * Logs go to `<stateDir>/logs/<function>.log`, the asynchronous queue to `<stateDir>/lambda-async`.
 */
export function openLambda(context: AwsContext, options: LambdaOptions): Lambda {
  const { concurrency = 10, idleMs = 5 * 60_000, graceMs = 3_000 } = options;
  const functions = new Map<string, LocalFunction>();
  const remotes = new Map<string, RemoteLambda>();
  const sandboxes = new Set<Sandbox>();
  const running = new Set<Promise<unknown>>();
  const meter = functionMeter(options.measure);
  let stopped = false;

  const queue = openAsyncQueue({
    folder: join(context.stateDir, 'lambda-async'),
    clock: context.clock,
    configOf: (name) => functions.get(name)?.config,
    invoke: async (event) =>
      run(find(event.functionName), JSON.stringify(event.payload), event.requestId),
    settle: deliverOutcome,
    retryPlanned: (event, config, delayMs) =>
      context.tell({
        service: 'lambda',
        what: 'retry planned',
        subject: config.name,
        detail: `in ${delayMs / 1000} s, after attempt ${event.attempts} of ${config.async.maximumRetryAttempts + 1}`,
        level: 'warn',
      }),
    putBack(event, reason) {
      const throttled = reason instanceof AwsError && reason.code === 'TooManyRequestsException';
      context.tell({
        service: 'lambda',
        what: 'event put back',
        subject: event.functionName,
        detail: messageOf(reason),
        level: throttled ? 'debug' : 'error',
      });
    },
  });

  function find(nameOrArn: string): LocalFunction {
    const found = functions.get(plainName(nameOrArn));
    if (!found) throw functionNotFound(nameOrArn);
    return found;
  }

  function run(local: LocalFunction, json: string, requestId: string): Promise<InvokeResult> {
    const invocation = runAndTell(local, json, requestId);
    running.add(invocation);
    const ended = (): void => void running.delete(invocation);
    invocation.then(ended, ended);
    return invocation;
  }

  async function runAndTell(
    local: LocalFunction,
    json: string,
    requestId: string,
  ): Promise<InvokeResult> {
    const { name } = local.config;
    if (stopped) throw hasStopped();
    checkPayloadSize(json, 'RequestResponse');
    const result = await meter.invocation(
      name,
      async () => (await runRemotely(name, json)) ?? (await runHere(local, json, requestId)),
    );
    const { errorType, errorMessage } = (result.payload ?? {}) as Partial<ErrorPayload>;
    context.tell(
      result.functionError
        ? {
            service: 'lambda',
            what: 'invocation failed',
            subject: name,
            detail: `${errorType}: ${errorMessage}`,
            level: 'error',
          }
        : {
            service: 'lambda',
            what: 'invocation succeeded',
            subject: name,
            detail: `${Math.round(result.durationMs)} ms`,
            level: 'info',
          },
    );
    return result;
  }

  /** Undefined where the function is not redirected, or to a process that has ended. */
  async function runRemotely(name: string, json: string): Promise<InvokeResult | undefined> {
    const result = await remotes.get(name)?.invoke(name, json);
    if (result !== 'gone') return result;
    redirect(name, undefined);
    const detail = 'the process that it was redirected to has ended: it runs here again';
    context.tell({
      service: 'lambda',
      what: 'redirect ended',
      subject: name,
      detail,
      level: 'info',
    });
    return undefined;
  }

  function redirect(functionName: string, endpoint: string | undefined): void {
    remotes.get(functionName)?.close();
    remotes.delete(functionName);
    if (endpoint !== undefined) {
      remotes.set(functionName, openRemoteLambda(endpoint, context.region));
    }
  }

  async function runHere(
    { config, pool }: LocalFunction,
    json: string,
    requestId: string,
  ): Promise<InvokeResult> {
    const fault = context.faults?.meet('lambda:invoke', config.name);
    if (fault) {
      await beforeInvocation(context.clock, fault);
      if (stopped) throw hasStopped();
    }
    const sandbox = pool.take();
    if (!sandbox) throw throttled(config);
    try {
      const log = openInvocationLog(join(context.stateDir, 'logs', `${config.name}.log`));
      const lines = wholeLines((text) => options.onLog?.(config.name, text));
      const heard = {
        ...log,
        write(text: string) {
          log.write(text);
          lines.write(text);
        },
      };
      const faulty = underFault(sandbox, fault, context.faults);
      return await invokeLocally(faulty, config, json, requestId, heard);
    } finally {
      pool.giveBack(sandbox);
      queue.placeFree(config.name);
    }
  }

  function newSandbox(config: FunctionConfig): Sandbox {
    const credentials = options.credentialsFor(config.roleArn);
    const sessionToken = newSessionToken(credentials.sessionToken ?? '', config.name);
    const environment = runtimeEnvironment(config, {
      region: context.region,
      endpoint: context.endpoint(),
      credentials: { ...credentials, sessionToken },
      startedAt: new Date(),
    });
    try {
      const sandbox = startSandbox(config, environment, context.clock, () =>
        sandboxes.delete(sandbox),
      );
      sandboxes.add(sandbox);
      return sandbox;
    } catch (error) {
      const reason = `Cannot start a worker for ${config.name}: ${messageOf(error)}`;
      throw new AwsError('ServiceException', reason, 500);
    }
  }

  function invokeAsync(config: FunctionConfig, payload: unknown, delayMs?: number): void {
    checkPayloadSize(JSON.stringify(payload), 'Event');
    queue.put(config.name, payload, delayMs);
  }

  function deliverOutcome(event: AsyncEvent, config: FunctionConfig, condition: Condition): void {
    const { onSuccess, onFailure, deadLetterArn } = config.async;
    const record = invocationRecord(event, config, condition, context.clock.now());
    if (condition === 'Success') {
      if (onSuccess) deliver(config, onSuccess, record);
      return;
    }
    context.tell({
      service: 'lambda',
      what: 'event discarded',
      subject: config.name,
      detail:
        `${condition} after ${event.attempts} attempts; ` +
        ([onFailure, deadLetterArn].filter(Boolean).join(', ') || 'no destination keeps it'),
      level: 'error',
    });
    meter.count(config.name, 'AsyncEventsDropped');
    if (deadLetterArn) {
      deliver(config, deadLetterArn, event.payload, deadLetterAttributes(event, condition));
    }
    if (onFailure) deliver(config, onFailure, record);
  }

  /** Lambda gives up on what it may not or cannot deliver, and only counts it. */
  function deliver(
    config: FunctionConfig,
    arn: string,
    body: unknown,
    attributes?: MessageAttributes,
  ): void {
    try {
      const action = DELIVERY_ACTIONS[arn.split(':')[2] ?? ''];
      if (!action) throw new Error('Expected the ARN of a queue, topic, function or event bus.');
      const { accessKeyId } = options.credentialsFor(config.roleArn);
      context.authorize(accessKeyId, action, arn);
      options.deliver(arn, body, attributes);
    } catch (error) {
      const isDeadLetter = attributes !== undefined;
      meter.count(config.name, isDeadLetter ? 'DeadLetterErrors' : 'DestinationDeliveryFailures');
      context.tell({
        service: 'lambda',
        what: 'delivery failed',
        subject: config.name,
        detail: `to ${arn}: ${messageOf(error)}`,
        level: 'error',
      });
    }
  }

  return {
    handler: restApi(context, {
      list: () => [...functions.values()].map(({ config }) => config),
      find: (name) => functions.get(name)?.config,
      invoke: (config, json, requestId) => run(find(config.name), json, requestId),
      invokeAsync,
    }),

    createFunction(config) {
      checkConfig(config);
      void functions.get(config.name)?.pool.retire();
      const limit = config.reservedConcurrency ?? concurrency;
      const pool = openWarmPool(() => newSandbox(config), limit, idleMs);
      functions.set(config.name, { config, pool });
      queue.functionCreated(config.name);
    },

    async invoke(nameOrArn, payload) {
      return run(find(nameOrArn), JSON.stringify(payload ?? null), randomUUID());
    },

    invokeAsync(nameOrArn, payload, delayMs) {
      invokeAsync(find(nameOrArn).config, payload ?? null, delayMs);
    },

    redirect,

    functions: () => [...functions.values()].map(({ config }) => config),

    busy: () => running.size > 0,

    idle: () => running.size === 0 && queue.idle(),

    start() {
      queue.start();
      for (const name of queue.orphaned()) {
        context.tell({
          service: 'lambda',
          what: 'events kept',
          subject: name,
          detail: 'until there is a function of that name',
          level: 'warn',
        });
      }
    },

    async stop() {
      stopped = true;
      const queueStopped = queue.stop();
      await within(graceMs, Promise.allSettled(running));
      for (const remote of remotes.values()) remote.close();
      await Promise.all([...functions.values()].map(({ pool }) => pool.retire()));
      await Promise.all([...sandboxes].map((sandbox) => sandbox.close()));
      await queueStopped;
    },
  };
}

function hasStopped(): AwsError {
  return new AwsError('ServiceException', 'The local Lambda has stopped.', 500);
}

function throttled(config: FunctionConfig): AwsError {
  const reason =
    config.reservedConcurrency === undefined
      ? 'ConcurrentInvocationLimitExceeded'
      : 'ReservedFunctionConcurrentInvocationLimitExceeded';
  return new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, { Reason: reason });
}

async function within(limitMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise((resolve) => (timer = setTimeout(resolve, limitMs)));
  await Promise.race([work, limit]);
  clearTimeout(timer);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
