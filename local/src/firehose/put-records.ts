import { AwsError } from '../core/aws-error';
import type { DeliveryStream } from './delivery-stream';
import { invalidArgument } from './invalid-argument';
import type { PutQuota } from './put-quota';

/** https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
const MAX_RECORD_BYTES = 1000 * 1024;
const MAX_BATCH_RECORDS = 500;
const MAX_BATCH_BYTES = 4 * 1024 * 1024;

const SLOW_DOWN = { code: 'ServiceUnavailableException', message: 'Slow down.' };

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecord.html */
export function putRecord(
  stream: DeliveryStream,
  quota: PutQuota,
  input: Record<string, unknown>,
): object {
  checkDirectPut(stream);
  const data = readData(input.Record, 'record');
  if (!quota.takesRequest() || !quota.takesRecord(data.length)) {
    throw new AwsError(SLOW_DOWN.code, SLOW_DOWN.message, 503);
  }
  const [id] = stream.put([data]);
  return { RecordId: id, Encrypted: false };
}

/**
 * Each record is taken or refused on its own.
 * https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
 */
export function putRecordBatch(
  stream: DeliveryStream,
  quota: PutQuota,
  input: Record<string, unknown>,
): object {
  checkDirectPut(stream);
  const { Records: records } = input;
  if (!Array.isArray(records) || records.length === 0 || records.length > MAX_BATCH_RECORDS) {
    throw violated(
      'records',
      `Member must have length greater than or equal to 1 and less than or equal to ${MAX_BATCH_RECORDS}`,
    );
  }
  const data = records.map((record, i) => readData(record, `records.${i + 1}.member`));
  const bytes = data.reduce((total, { length }) => total + length, 0);
  if (bytes > MAX_BATCH_BYTES) {
    throw invalidArgument(`The records are ${bytes} bytes; at most ${MAX_BATCH_BYTES}.`);
  }
  if (!quota.takesRequest()) throw new AwsError(SLOW_DOWN.code, SLOW_DOWN.message, 503);
  const taken = data.map((record) => quota.takesRecord(record.length));
  const ids = stream.put(data.filter((_, i) => taken[i]));
  const responses = taken.map((isTaken) =>
    isTaken
      ? { RecordId: ids.shift() }
      : { ErrorCode: SLOW_DOWN.code, ErrorMessage: SLOW_DOWN.message },
  );
  return {
    FailedPutCount: taken.filter((isTaken) => !isTaken).length,
    Encrypted: false,
    RequestResponses: responses,
  };
}

function checkDirectPut({ config }: DeliveryStream): void {
  if (config.source.kind === 'DirectPut') return;
  throw invalidArgument(
    'This operation is not permitted on KinesisStreamAsSource delivery stream type.',
  );
}

function readData(record: unknown, where: string): Buffer {
  const data = (record as { Data?: unknown } | null | undefined)?.Data;
  if (typeof data !== 'string') throw violated(`${where}.data`, 'Member must not be null');
  if (!BASE64.test(data)) {
    throw new AwsError('SerializationException', `${where}.data is not base64.`);
  }
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length > MAX_RECORD_BYTES) {
    throw violated(
      `${where}.data`,
      `Member must have length less than or equal to ${MAX_RECORD_BYTES}`,
    );
  }
  return bytes;
}

function violated(where: string, constraint: string): AwsError {
  return new AwsError(
    'ValidationException',
    `1 validation error detected: Value at '${where}' failed to satisfy constraint: ${constraint}`,
  );
}
