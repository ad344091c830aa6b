import { isJsonObject } from '@saleslake/shared/runtime/json-object';
/** What a function made of one record. */
export type Outcome =
  | { result: 'Ok'; data: string; partitionKeys: Record<string, string> }
  | { result: 'Dropped' }
  | { result: 'Failed'; errorCode: string; errorMessage: string };

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

const failed = (errorCode: string, errorMessage: string): Outcome => ({
  result: 'Failed',
  errorCode,
  errorMessage,
});

const MISSING = failed(
  'Lambda.MissingRecordId',
  'One or more record Ids were not returned. Ensure that the Lambda function returns all received record Ids.',
);
const DUPLICATED = failed(
  'Lambda.DuplicatedRecordId',
  'Multiple records were returned with the same record Id. Ensure that the Lambda function returns a unique record Id for each record.',
);
const UNREADABLE = failed(
  'Lambda.JsonProcessingException',
  'There was an error parsing returned records from the Lambda function. Ensure that the returned records follow the status model required by Firehose.',
);

/**
 * Reads what a function returned for records of these ids: an outcome each, in their order. An id
 * that was not asked for is of no effect. What the function returned is final: only invocations
 * that fail are repeated.
 * https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-status-model.html
 * The error codes are those of
 * https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html#monitoring-lambda-errors
 */
export function readResponse(payload: unknown, recordIds: readonly string[]): Outcome[] {
  const records = (payload as { records?: unknown } | null)?.records ?? [];
  if (!Array.isArray(records) || !records.every(isJsonObject))
    return recordIds.map(() => UNREADABLE);
  const byId = new Map<unknown, Outcome>();
  for (const record of records) {
    byId.set(record.recordId, byId.has(record.recordId) ? DUPLICATED : readRecord(record));
  }
  return recordIds.map((id) => byId.get(id) ?? MISSING);
}

function readRecord({ result, data, metadata }: Record<string, unknown>): Outcome {
  switch (result) {
    case 'Dropped':
      return { result };
    case 'ProcessingFailed':
      return failed('Lambda.ProcessingFailedStatus', 'ProcessingFailed status set for record');
    case 'Ok':
      break;
    default:
      return invalidFormat(
        `The result is ${JSON.stringify(result)}; expected Ok, Dropped or ProcessingFailed.`,
      );
  }
  if (typeof data !== 'string') return invalidFormat('The data of a record that is Ok is missing.');
  if (!BASE64.test(data)) return invalidFormat('The data is not base64.');
  const keys = (metadata as { partitionKeys?: unknown } | undefined)?.partitionKeys ?? {};
  if (!isJsonObject(keys)) return invalidFormat('The partitionKeys are no object.');
  const partitionKeys = Object.fromEntries(
    Object.entries(keys).flatMap(([name, value]) =>
      // Numbers are written into the prefix as they are.
      typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
    ),
  );
  return { result: 'Ok', data, partitionKeys };
}

function invalidFormat(errorMessage: string): Outcome {
  return failed('Lambda.InvalidReturnFormat', errorMessage);
}
