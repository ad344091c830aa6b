import type { ErrorPayload } from './function-config';

/** What a worker is started with. */
export interface WorkerSetup {
  codeFolder: string;
  handler: string;
  /** The time by the clock of the local AWS; milliseconds since the epoch. */
  now: number;
}

/** To the worker: run the handler once. */
export interface WorkerInvocation {
  requestId: string;
  functionArn: string;
  /** JSON, as Lambda hands it to a runtime. */
  event: string;
  /** As in WorkerSetup: by it the function tells time until its next invocation. */
  now: number;
  /** Milliseconds since the epoch, as the function's own `Date.now()`. */
  deadlineMs: number;
}

/** From the worker, in the order in which things happened. */
export type WorkerMessage =
  | { kind: 'log'; text: string }
  | { kind: 'ready' }
  /** `json` is the response; `usedBytes` the heap and buffers in use when it was given. */
  | { kind: 'response'; json: string; usedBytes: number }
  /** After a fatal error the worker exits. */
  | { kind: 'error'; error: ErrorPayload; fatal: boolean; usedBytes: number };
