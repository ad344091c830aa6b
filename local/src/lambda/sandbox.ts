import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { transformSync } from 'esbuild';
import type { Clock } from '../core/clock';
import type { ErrorPayload, FunctionConfig } from './function-config';
import type { WorkerInvocation, WorkerMessage, WorkerSetup } from './worker-protocol';

/** What the worker said of an invocation, or what was seen to happen to the worker. */
export type Outcome =
  | { kind: 'response'; json: string; usedBytes: number }
  | { kind: 'error'; error: ErrorPayload; usedBytes: number }
  | { kind: 'timeout' }
  /** The worker is gone; `reason` as Lambda words it, such as `exit status 1`. */
  | { kind: 'exit'; reason: string }
  /** Cut off by `close`, as this Lambda stops. */
  | { kind: 'closed' };

export interface Run {
  outcome: Outcome;
  durationMs: number;
  /** How long the code took to load, where this run was the first. */
  initMs?: number;
}

/** One execution environment: a worker thread with the function's code. */
export interface Sandbox {
  /** That its calls to AWS carry, and no other's. */
  sessionToken: string;
  /** False once the worker exits or is about to. */
  usable(): boolean;
  /** Runs one invocation. The next may begin when this one has come to its outcome. */
  run(
    invocation: Omit<WorkerInvocation, 'now' | 'deadlineMs'>,
    log: (text: string) => void,
  ): Promise<Run>;
  /** Ends the worker, and with it whatever runs, which comes to `outcome`. */
  close(outcome?: Outcome): Promise<void>;
}

// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
const INIT_LIMIT_MS = 10_000;

/**
 * Starts a worker for one function. Its code loads in the first run, whose timeout begins after.
 * What its `Date` says is set by `clock` as each invocation begins, and runs with real time.
 *
 * What a thread cannot have of its own it shares with this process, unlike on Lambda: the working
 * directory, the time zone, file descriptors 1 and 2 where code writes to them past
 * `process.stdout`, and memory outside the JavaScript heap, which no limit holds. Nor is it frozen
 * between invocations.
 *
 * Throws what Node.js does for an environment it cannot start a worker with.
 */
export function startSandbox(
  config: FunctionConfig,
  environment: Record<string, string>,
  clock: Clock,
  onExit: () => void,
): Sandbox {
  const timeoutMs = config.timeoutSeconds * 1000;
  const setup: WorkerSetup = {
    codeFolder: config.codeFolder,
    handler: config.handler,
    now: clock.now(),
  };
  const worker = new Worker(bootstrapCode(), {
    eval: true,
    name: config.name,
    env: environment,
    workerData: setup,
    // Not this process's own: tsx passes its loader that way.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: config.memoryMb },
    stdout: true,
    stderr: true,
  });

  let loaded = false;
  let usable = true;
  let log: (text: string) => void = () => undefined;
  /** Why the worker is ending, where that is known before it has ended. */
  let ending: Outcome | undefined;
  let resolveNext: ((outcome: Outcome | { kind: 'ready' }) => void) | undefined;

  const end = async (outcome: Outcome): Promise<void> => {
    usable = false;
    ending ??= outcome;
    await worker.terminate();
  };
  /** The next thing to come out of the worker; a timeout counts once the worker has ended. */
  const next = (limitMs: number): Promise<Outcome | { kind: 'ready' }> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => void end({ kind: 'timeout' }), limitMs);
      resolveNext = (outcome) => {
        clearTimeout(timer);
        resolveNext = undefined;
        resolve(outcome);
      };
    });

  worker.on('message', (message: WorkerMessage) => {
    if (message.kind === 'log') return log(message.text);
    if (message.kind === 'error' && message.fatal) usable = false;
    resolveNext?.(message);
  });
  worker.on('error', (error: NodeJS.ErrnoException) => {
    usable = false;
    const killed = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    if (!killed) log(`${error.stack ?? error.message}\n`);
    ending ??= { kind: 'exit', reason: killed ? 'signal: killed' : 'exit status 1' };
  });
  worker.on('exit', (code) => {
    usable = false;
    ending ??= { kind: 'exit', reason: code === 0 ? '' : `exit status ${code}` };
    resolveNext?.(ending);
    onExit();
  });

  return {
    sessionToken: environment['AWS_SESSION_TOKEN'] ?? '',
    usable: () => usable,

    async run(invocation, writeLog) {
      if (ending) return { outcome: ending, durationMs: 0 };
      log = writeLog;
      let startedAt = performance.now();
      let initMs: number | undefined;
      if (!loaded) {
        const outcome = await next(INIT_LIMIT_MS + timeoutMs);
        initMs = performance.now() - startedAt;
        if (outcome.kind !== 'ready') return { outcome, durationMs: initMs };
        loaded = true;
        startedAt = performance.now();
      }
      if (ending) return { outcome: ending, durationMs: 0, initMs };
      const now = clock.now();
      const message: WorkerInvocation = { ...invocation, now, deadlineMs: now + timeoutMs };
      worker.postMessage(message);
      const outcome = (await next(timeoutMs)) as Outcome;
      return { outcome, durationMs: performance.now() - startedAt, initMs };
    },

    close: (outcome = { kind: 'closed' }) => end(outcome),
  };
}

let bootstrap: string | undefined;

/** Compiled here, because a worker thread has neither tsx's nor jest's loader. */
function bootstrapCode(): string {
  bootstrap ??= transformSync(readFileSync(join(__dirname, 'runtime-bootstrap.ts'), 'utf8'), {
    loader: 'ts',
    format: 'cjs',
    platform: 'node',
    target: 'node20',
  }).code;
  return bootstrap;
}
