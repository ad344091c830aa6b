// Runs inside a worker thread, compiled on its own: it may import types and Node.js modules only.
// It is to a function what the Node.js runtime of Lambda is.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format, types } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import type { ErrorPayload } from './function-config';
import type { WorkerInvocation, WorkerMessage, WorkerSetup } from './worker-protocol';

type Callback = (error?: unknown, result?: unknown) => void;
type Handler = (event: unknown, context: object, callback: Callback) => unknown;

const port = parentPort!;
const { codeFolder, handler: handlerName, now: begunAt } = workerData as WorkerSetup;
const env = process.env;
const setTime = keepTime();
setTime(begunAt);

let requestId: string | undefined;
/** What to do once the event loop is empty while an invocation is open. */
let whenLoopIsEmpty: (() => void) | undefined;

logThroughParent();
process.on('beforeExit', () => whenLoopIsEmpty?.());
process.on('uncaughtException', (error) => {
  console.error('Uncaught Exception', error);
  fail(toErrorPayload(error), 129);
});
process.on('unhandledRejection', (reason) => {
  console.error('Unhandled Promise Rejection', reason);
  const { errorMessage, trace } = toErrorPayload(reason);
  fail({ errorType: 'Runtime.UnhandledPromiseRejection', errorMessage, trace }, 128);
});

loadHandler().then(
  (handler) => {
    port.on('message', (invocation: WorkerInvocation) => run(handler, invocation));
    post({ kind: 'ready' });
  },
  (error: unknown) => {
    console.error('Uncaught Exception', error);
    fail(toErrorPayload(error), 129);
  },
);

function post(message: WorkerMessage): void {
  port.postMessage(message);
}

function usedBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function fail(error: ErrorPayload, exitCode: number): void {
  post({ kind: 'error', error, fatal: true, usedBytes: usedBytes() });
  process.exit(exitCode);
}

/**
 * One invocation. The answer is the promise's outcome at once, or the callback's once the event
 * loop is empty unless `callbackWaitsForEmptyEventLoop` is false.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
function run(handler: Handler, invocation: WorkerInvocation): void {
  requestId = invocation.requestId;
  setTime(invocation.now);
  // Only what the function itself started now keeps the event loop alive.
  port.unref();

  let open = true;
  const close = (): boolean => {
    if (!open) return false;
    open = false;
    whenLoopIsEmpty = undefined;
    port.ref();
    return true;
  };
  const succeed = (result?: unknown): void => {
    if (!open) return;
    let json: string;
    try {
      // JSON has no undefined, and JSON.stringify gives none for a function or a symbol.
      json = JSON.stringify(result === undefined ? null : result) ?? 'null';
    } catch {
      return reject(new Error('Unable to stringify response body'));
    }
    close();
    post({ kind: 'response', json, usedBytes: usedBytes() });
  };
  const reject = (reason: unknown): void => {
    if (!close()) return;
    console.error('Invoke Error', reason);
    post({ kind: 'error', error: toErrorPayload(reason), fatal: false, usedBytes: usedBytes() });
  };
  const done: Callback = (error, result) =>
    error === undefined || error === null ? succeed(result) : reject(error);

  const context = {
    callbackWaitsForEmptyEventLoop: true,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: invocation.functionArn,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId: invocation.requestId,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => invocation.deadlineMs - Date.now(),
    done,
    succeed,
    fail: (error?: unknown) => reject(error ?? 'handled'),
  };
  let called = false;
  const callback: Callback = (error, result) => {
    if (called) return;
    called = true;
    const waits = context.callbackWaitsForEmptyEventLoop && (error === undefined || error === null);
    if (waits && open) whenLoopIsEmpty = () => succeed(result);
    else done(error, result);
  };

  // Lambda takes a plain function that never calls back for one that answers null.
  const isAsync = types.isAsyncFunction(handler);
  whenLoopIsEmpty = () =>
    isAsync
      ? reject(
          runtimeError(
            'NodeJsExit',
            'The event loop is empty and the promise that the handler returned is still pending.',
          ),
        )
      : succeed(null);

  try {
    const result = handler(JSON.parse(invocation.event), context, callback);
    if (isThenable(result)) result.then(succeed, reject);
  } catch (error) {
    reject(error);
  }
}

/** Puts a `Date` in place that tells another time than the machine's, once it is set. */
function keepTime(): (now: number) => void {
  const Machine = Date;
  let ahead = 0;
  const now = (): number => Machine.now() + ahead;
  const Shifted = new Proxy(Machine, {
    apply: () => new Machine(now()).toString(),
    construct: (target, values: unknown[], newTarget) =>
      Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget) as Date,
    get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
  });
  return (time) => {
    ahead = time - Machine.now();
    // A clock that runs with the machine's is told late by what it takes to tell.
    if (Math.abs(ahead) < 1000) ahead = 0;
    globalThis.Date = Shifted;
  };
}

/** Finds `src/handler.handler` below the code folder, the module as CommonJS or as ESM. */
async function loadHandler(): Promise<Handler> {
  const file = basename(handlerName);
  const dot = file.indexOf('.');
  if (dot < 1 || handlerName.includes('..')) {
    throw runtimeError(
      'MalformedHandlerName',
      `'${handlerName}' is not a valid handler name; expected <file>.<export>`,
    );
  }
  const module = join(dirname(handlerName), file.slice(0, dot));
  const path = ['.js', '.cjs', '.mjs']
    .map((extension) => resolve(codeFolder, module + extension))
    .find(existsSync);
  if (path === undefined) {
    throw runtimeError(
      'ImportModuleError',
      `Error: Cannot find module '${module}': no ${module}.js, .cjs or .mjs in ${codeFolder}`,
    );
  }
  let value = await importModule(path);
  for (const key of file.slice(dot + 1).split('.')) {
    value = (value as Record<string, unknown> | null | undefined)?.[key];
  }
  if (typeof value !== 'function') {
    const problem = value === undefined ? 'is undefined or not exported' : 'is not a function';
    throw runtimeError('HandlerNotFound', `${handlerName} ${problem}`);
  }
  return value as Handler;
}

async function importModule(path: string): Promise<unknown> {
  try {
    if (path.endsWith('.mjs')) return await import(pathToFileURL(path).href);
    return createRequire(path)(path);
  } catch (error) {
    const text = String(error);
    if (error instanceof SyntaxError) throw runtimeError('UserCodeSyntaxError', text, error);
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') {
      throw runtimeError('ImportModuleError', text, error as Error);
    }
    throw error;
  }
}

function runtimeError(name: string, message: string, cause?: Error): Error {
  const error = new Error(message);
  error.name = `Runtime.${name}`;
  error.stack = cause?.stack ?? `${error.name}: ${message}`;
  return error;
}

function toErrorPayload(reason: unknown): ErrorPayload {
  if (types.isNativeError(reason)) {
    const trace = (reason.stack ?? '').split('\n');
    return { errorType: reason.name, errorMessage: reason.message, trace };
  }
  return { errorType: typeof reason, errorMessage: format(reason), trace: [] };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}

/**
 * Console lines get Lambda's prefix. Everything goes to the parent as messages: unlike the
 * worker's own stdout they are in order with the response, and none are lost when a handler that
 * never yields is cut off.
 */
function logThroughParent(): void {
  const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    post({ kind: 'log', text });
    const written = rest.at(-1);
    if (typeof written === 'function') queueMicrotask(written as () => void);
    return true;
  };
  process.stdout.write = write;
  process.stderr.write = write;
  const levels = {
    trace: 'TRACE',
    debug: 'DEBUG',
    log: 'INFO',
    info: 'INFO',
    warn: 'WARN',
    error: 'ERROR',
  };
  for (const [method, level] of Object.entries(levels) as [keyof typeof levels, string][]) {
    console[method] = (...values: unknown[]) => {
      write(`${new Date().toISOString()}\t${requestId}\t${level}\t${format(...values)}\n`);
    };
  }
}
