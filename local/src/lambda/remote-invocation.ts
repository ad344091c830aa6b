import { InvokeCommand, LambdaClient, TooManyRequestsException } from '@aws-sdk/client-lambda';
import { AwsError } from '../core/aws-error';
import type { InvokeResult } from './function-config';

/** Invokes functions that another process serves. */
export interface RemoteLambda {
  /**
   * `event` is JSON. `gone` where nobody listens at the endpoint, so that nothing was run. Throws
   * TooManyRequestsException, and ServiceException, naming the endpoint, where there is no answer.
   */
  invoke(functionName: string, event: string): Promise<InvokeResult | 'gone'>;
  /** Ends open invocations. */
  close(): void;
}

/** Opens a client of an endpoint that speaks Lambda's API, such as serverless-offline's. */
export function openRemoteLambda(endpoint: string, region: string): RemoteLambda {
  // Such an endpoint does not look at credentials, but the SDK signs with some.
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new LambdaClient({ endpoint, region, credentials, maxAttempts: 1 });
  const closing = new AbortController();

  return {
    async invoke(functionName, event) {
      const startedAt = performance.now();
      const command = new InvokeCommand({
        FunctionName: functionName,
        Payload: Buffer.from(event),
        LogType: 'Tail',
      });
      try {
        const answer = await client.send(command, { abortSignal: closing.signal });
        const text = answer.Payload?.transformToString() ?? '';
        return {
          ...(answer.FunctionError ? { functionError: functionError(answer.FunctionError) } : {}),
          payload: (text === '' ? null : JSON.parse(text)) as unknown,
          logTail: Buffer.from(answer.LogResult ?? '', 'base64').toString('utf8'),
          requestId: answer.$metadata.requestId ?? '',
          durationMs: performance.now() - startedAt,
        };
      } catch (error) {
        if (error instanceof TooManyRequestsException) {
          throw new AwsError(error.name, error.message, 429, { Reason: error.Reason ?? '' });
        }
        const reason = error instanceof Error ? error.message || error.name : String(error);
        // The SDK wraps what the socket said, and keeps its code in the message alone.
        if (reason.includes('ECONNREFUSED')) return 'gone';
        throw new AwsError(
          'ServiceException',
          `${functionName} is redirected to ${endpoint}, which failed: ${reason}`,
          500,
        );
      }
    },
    close() {
      closing.abort();
      client.destroy();
    },
  };
}

function functionError(text: string): 'Handled' | 'Unhandled' {
  return text === 'Handled' ? 'Handled' : 'Unhandled';
}
