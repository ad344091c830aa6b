import type { SourceRecord } from './record';

/** Why a record goes to the error output. */
export interface RecordFailure {
  errorCode: string;
  errorMessage: string;
  attemptsMade: number;
  /** When it was given up: milliseconds since the epoch. */
  endedAt: number;
}

/**
 * The line of a record that could not be transformed, or not be given a partition.
 * https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-failure-handling.html
 *
 * @param functionArn of the function that failed; absent where none did
 */
export function processingErrorLine(
  source: SourceRecord,
  failure: RecordFailure,
  functionArn?: string,
): string {
  const line = {
    attemptsMade: failure.attemptsMade,
    arrivalTimestamp: source.arrivedAt,
    errorCode: failure.errorCode,
    errorMessage: failure.errorMessage,
    attemptEndingTimestamp: failure.endedAt,
    rawData: source.data,
    ...(functionArn !== undefined && { lambdaArn: functionArn }),
  };
  return `${JSON.stringify(line)}\n`;
}

/** The catalog's table that a record was to be converted by. */
export interface CatalogTableName {
  databaseName: string;
  tableName: string;
  region: string;
}

/**
 * The line of a record that could not be converted; `rawData` is what was to be converted.
 * https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion-error-handling.html
 */
export function conversionErrorLine(
  source: SourceRecord,
  rawData: string,
  failure: RecordFailure,
  table: CatalogTableName,
): string {
  const line = {
    attemptsMade: failure.attemptsMade,
    arrivalTimestamp: source.arrivedAt,
    // The page has spelled these two in more than one way; this is what AWS writes.
    lastErrorCode: failure.errorCode,
    lastErrorMessage: failure.errorMessage,
    attemptEndingTimestamp: failure.endedAt,
    rawData,
    sequenceNumber: source.kinesis?.sequenceNumber ?? null,
    subSequenceNumber: source.kinesis?.subSequence ?? null,
    dataCatalogTable: {
      catalogId: null,
      databaseName: table.databaseName,
      tableName: table.tableName,
      region: table.region,
      versionId: 'LATEST',
      catalogArn: null,
    },
  };
  return `${JSON.stringify(line)}\n`;
}
