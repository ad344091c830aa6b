import { AwsError } from '../core/aws-error';
import type { ErrorPayload, FunctionConfig, InvokeResult } from './function-config';
import type { InvocationLog } from './invocation-log';
import { MAX_RESPONSE_BYTES } from './limits';
import type { Outcome, Run, Sandbox } from './sandbox';

/**
 * Runs one invocation in a sandbox and logs it as CloudWatch shows it.
 * `event` is JSON. Throws ServiceException where the local Lambda stopped meanwhile.
 * https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
 */
export async function invokeLocally(
  sandbox: Sandbox,
  config: FunctionConfig,
  event: string,
  requestId: string,
  log: InvocationLog,
): Promise<InvokeResult> {
  log.write(`START RequestId: ${requestId} Version: $LATEST\n`);
  const invocation = { requestId, functionArn: config.arn, event };
  const run = await sandbox.run(invocation, (text) => log.write(text));
  const result = resultOf(run.outcome, config, requestId, log);
  log.write(`END RequestId: ${requestId}\n${reportLine(run, config, requestId)}\n`);
  return { ...result, logTail: log.tail(), requestId, durationMs: run.durationMs };
}

function resultOf(
  outcome: Outcome,
  config: FunctionConfig,
  requestId: string,
  log: InvocationLog,
): Pick<InvokeResult, 'functionError' | 'payload'> {
  const unhandled = (payload: ErrorPayload) => ({ functionError: 'Unhandled' as const, payload });
  switch (outcome.kind) {
    case 'response':
      if (Buffer.byteLength(outcome.json) > MAX_RESPONSE_BYTES) {
        return unhandled({
          errorType: 'Function.ResponseSizeTooLarge',
          errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`,
        });
      }
      return { payload: JSON.parse(outcome.json) as unknown };
    case 'error':
      return unhandled(outcome.error);
    case 'timeout': {
      const message = `Task timed out after ${config.timeoutSeconds.toFixed(2)} seconds`;
      log.write(`${new Date().toISOString()} ${requestId} ${message}\n\n`);
      return unhandled({
        errorType: 'Sandbox.Timedout',
        errorMessage: `RequestId: ${requestId} Error: ${message}`,
      });
    }
    case 'exit': {
      const how = outcome.reason ? `with error: ${outcome.reason}` : 'without providing a reason';
      const errorMessage = `RequestId: ${requestId} Error: Runtime exited ${how}`;
      log.write(`${errorMessage}\nRuntime.ExitError\n`);
      return unhandled({ errorType: 'Runtime.ExitError', errorMessage });
    }
    case 'closed':
      throw new AwsError('ServiceException', `Stopped while ${config.name} was running.`, 500);
  }
}

function reportLine(run: Run, config: FunctionConfig, requestId: string): string {
  const { outcome, durationMs, initMs } = run;
  const fields = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(durationMs + (initMs ?? 0))} ms`,
    `Memory Size: ${config.memoryMb} MB`,
  ];
  // The thread's heap and buffers; a thread has no resident set of its own to report.
  if ('usedBytes' in outcome) {
    fields.push(`Max Memory Used: ${Math.ceil(outcome.usedBytes / 2 ** 20)} MB`);
  }
  if (initMs !== undefined) fields.push(`Init Duration: ${initMs.toFixed(2)} ms`);
  if (outcome.kind === 'timeout') fields.push('Status: timeout');
  if (outcome.kind === 'exit') fields.push('Status: error', 'Error Type: Runtime.ExitError');
  return fields.join('\t') + '\t';
}
