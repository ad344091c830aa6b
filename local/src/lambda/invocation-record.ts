import type { ErrorPayload, FunctionConfig, InvokeResult } from './function-config';

/** An event in the asynchronous queue. */
export interface AsyncEvent {
  functionName: string;
  requestId: string;
  payload: unknown;
  /** Milliseconds since the epoch, as `dueAt`. */
  enqueuedAt: number;
  /** When it is to be tried next. */
  dueAt: number;
  /** How many times the function has run it. */
  attempts: number;
  /** How the function last ended on it. */
  lastResult?: Pick<InvokeResult, 'functionError' | 'payload'>;
}

/** How Lambda came to be done with an event. */
export type Condition =
  'Success' | 'RetriesExhausted' | 'EventAgeExceeded' | 'ZeroReservedConcurrency';

/** SQS and SNS message attributes, by name. */
export type MessageAttributes = Record<string, { type: 'String' | 'Number'; value: string }>;

const LONGEST_ERROR_MESSAGE_BYTES = 1024;

/**
 * What a destination is sent.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export function invocationRecord(
  event: AsyncEvent,
  config: FunctionConfig,
  condition: Condition,
  now: number,
): Record<string, unknown> {
  const { lastResult } = event;
  return {
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: `${config.arn}:$LATEST`,
      condition,
      approximateInvokeCount: event.attempts,
    },
    requestPayload: event.payload,
    // Neither is there for an event that never reached the function.
    ...(lastResult && {
      responseContext: {
        statusCode: 200,
        executedVersion: '$LATEST',
        ...(lastResult.functionError && { functionError: lastResult.functionError }),
      },
      responsePayload: lastResult.payload,
    }),
  };
}

/**
 * What comes with the event in a dead-letter queue.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq
 */
export function deadLetterAttributes(event: AsyncEvent, condition: Condition): MessageAttributes {
  const { errorMessage } = (event.lastResult?.payload ?? {}) as Partial<ErrorPayload>;
  // An event that never reached the function met the status of a throttle.
  const [code, message] = event.lastResult ? ['200', errorMessage] : ['429', condition];
  return {
    RequestID: { type: 'String', value: event.requestId },
    ErrorCode: { type: 'Number', value: code },
    ErrorMessage: { type: 'String', value: firstBytes(message || condition) },
  };
}

function firstBytes(text: string): string {
  // A character that the cut goes through decodes to the replacement character, left off here.
  const cut = Buffer.from(text).subarray(0, LONGEST_ERROR_MESSAGE_BYTES).toString('utf8');
  return cut.length < text.length ? cut.replace(/\uFFFD+$/, '') : cut;
}
