/** A function as its template describes it, every intrinsic function resolved. */
export interface FunctionConfig {
  name: string;
  arn: string;
  /** File and export below `codeFolder`, such as `src/handler.handler`. */
  handler: string;
  /** The unzipped package. */
  codeFolder: string;
  memoryMb: number;
  timeoutSeconds: number;
  environment: Record<string, string>;
  roleArn: string;
  /** The most invocations at once; 0 stops the function. */
  reservedConcurrency?: number;
  async: {
    /** Retries after a function error: 0 to 2. */
    maximumRetryAttempts: number;
    maximumEventAgeSeconds: number;
    /** ARNs of destinations. */
    onFailure?: string;
    onSuccess?: string;
    deadLetterArn?: string;
  };
}

/** What an invocation that reached the function came to. */
export interface InvokeResult {
  /** Absent on success. Node.js functions report all their errors as Unhandled. */
  functionError?: 'Handled' | 'Unhandled';
  /** What the function returned, or an ErrorPayload. */
  payload: unknown;
  /** The last 4 KiB of the invocation's log. */
  logTail: string;
  requestId: string;
  durationMs: number;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
export interface ErrorPayload {
  errorType: string;
  errorMessage: string;
  trace?: string[];
}
