import type { FirehoseConnections } from './connections';
import { openConverter } from './converter';
import { checkTimeZone } from './date-time-pattern';
import type { S3DestinationConfig } from './delivery-stream-config';
import { invalidArgument } from './invalid-argument';
import { effectivePrefixes, withTimestamp } from './object-key';
import { evaluatePrefix, hasExpressions, hasPart, parsePrefix } from './prefix-expression';
import { MAX_PREFIX_LENGTH } from './route-record';

const MIN_SIZE_MB = 1;
const MAX_SIZE_MB = 128;
const MAX_INTERVAL_SECONDS = 900;

/** Firehose wants large buffers where it partitions or converts. */
const MIN_LARGE_SIZE_MB = 64;
const MIN_PARTITIONING_INTERVAL_SECONDS = 60;

/** Throws InvalidArgumentException for what CreateDeliveryStream refuses. */
export function checkConfig(
  destination: S3DestinationConfig,
  connections: Pick<FirehoseConnections, 'glueTable'>,
): void {
  checkBuffer('BufferingHints', destination);
  if (destination.backup) checkBuffer('S3BackupConfiguration.BufferingHints', destination.backup);
  try {
    checkTimeZone(destination.customTimeZone);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw invalidArgument(`CustomTimeZone is ${destination.customTimeZone}: no known time zone.`);
  }
  checkPrefixes(destination);
  checkExtension(destination.fileExtension);
  checkLambda(destination.lambda);
  checkPartitioning(destination);
  checkConversion(destination, connections);
}

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_BufferingHints.html */
function checkBuffer(
  what: string,
  hints: { bufferSizeMb: number; bufferIntervalSeconds: number },
): void {
  checkRange(`${what}.SizeInMBs`, hints.bufferSizeMb, MIN_SIZE_MB, MAX_SIZE_MB);
  checkWhole(`${what}.SizeInMBs`, hints.bufferSizeMb);
  checkRange(`${what}.IntervalInSeconds`, hints.bufferIntervalSeconds, 0, MAX_INTERVAL_SECONDS);
  checkWhole(`${what}.IntervalInSeconds`, hints.bufferIntervalSeconds);
}

/** https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html#prefix-rules */
function checkPrefixes(destination: S3DestinationConfig): void {
  const { prefix, errorOutputPrefix, dynamicPartitioning, customTimeZone, backup } = destination;
  const data = parsePrefix(prefix);
  const error = parsePrefix(errorOutputPrefix);
  if (hasPart(data, 'error-output-type')) {
    throw invalidArgument(`Prefix is ${prefix}; it cannot have !{firehose:error-output-type}.`);
  }
  if (hasExpressions(data) && errorOutputPrefix === '') {
    throw invalidArgument('ErrorOutputPrefix cannot be empty when Prefix contains expressions.');
  }
  if (hasExpressions(error) && !hasPart(error, 'error-output-type')) {
    throw invalidArgument(
      `ErrorOutputPrefix is ${errorOutputPrefix}; with expressions it must have !{firehose:error-output-type}.`,
    );
  }
  if (hasPart(error, 'partition-key')) {
    throw invalidArgument(
      `ErrorOutputPrefix is ${errorOutputPrefix}; it cannot have partition keys.`,
    );
  }
  if (hasPart(data, 'partition-key') && !dynamicPartitioning.enabled) {
    throw invalidArgument(
      'Dynamic Partitioning Namespaces can only be part of a prefix expression when Dynamic Partitioning is enabled.',
    );
  }
  const backupPrefix = withTimestamp(backup?.prefix ?? '');
  if (hasPart(backupPrefix, 'error-output-type') || hasPart(backupPrefix, 'partition-key')) {
    throw invalidArgument(
      `S3BackupConfiguration.Prefix is ${backup?.prefix}; it cannot have error types or partition keys.`,
    );
  }
  const effective = effectivePrefixes(destination);
  for (const expression of [effective.data, effective.error, backupPrefix]) {
    const evaluated = evaluatePrefix(expression, {
      time: 0,
      timeZone: customTimeZone,
      errorOutputType: 'format-conversion-failed',
    });
    if (evaluated.length > MAX_PREFIX_LENGTH) {
      throw invalidArgument(
        `A prefix has ${evaluated.length} characters when it is evaluated; at most ${MAX_PREFIX_LENGTH}.`,
      );
    }
  }
}

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_ExtendedS3DestinationConfiguration.html */
function checkExtension(extension: string | undefined): void {
  if (extension && !/^\.[0-9a-z!\-_.*'()]+$/.test(extension)) {
    throw invalidArgument(
      `FileExtension is ${extension}; expected a period and characters of 0-9a-z!-_.*'().`,
    );
  }
}

/** https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html */
function checkLambda(lambda: S3DestinationConfig['lambda']): void {
  if (!lambda) return;
  checkRange('NumberOfRetries', lambda.numberOfRetries, 0, 300);
  checkWhole('NumberOfRetries', lambda.numberOfRetries);
  checkRange('BufferSizeInMBs', lambda.bufferSizeMb, 0.2, 3);
  checkRange('BufferIntervalInSeconds', lambda.bufferIntervalSeconds, 0, MAX_INTERVAL_SECONDS);
}

/**
 * https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-s3bucketprefix.html
 * https://docs.aws.amazon.com/firehose/latest/dev/buffering.html
 */
function checkPartitioning(destination: S3DestinationConfig): void {
  const { dynamicPartitioning, prefix, errorOutputPrefix, lambda } = destination;
  if (!dynamicPartitioning.enabled) return;
  const when = 'when Dynamic Partitioning is enabled.';
  if (!hasPart(parsePrefix(prefix), 'partition-key')) {
    throw invalidArgument(`S3 Prefix should contain Dynamic Partitioning namespaces ${when}`);
  }
  if (errorOutputPrefix === '') throw invalidArgument(`ErrorOutputPrefix must be given ${when}`);
  if (!lambda) throw invalidArgument(`A Lambda processor must give the partition keys ${when}`);
  checkLarge(destination, when);
  if (destination.bufferIntervalSeconds < MIN_PARTITIONING_INTERVAL_SECONDS) {
    throw invalidArgument(
      `BufferingHints.IntervalInSeconds must be at least ${MIN_PARTITIONING_INTERVAL_SECONDS} seconds ${when}`,
    );
  }
  checkRange('RetryOptions.DurationInSeconds', dynamicPartitioning.retryDurationSeconds, 0, 7200);
}

/** https://docs.aws.amazon.com/firehose/latest/dev/enable-record-format-conversion.html */
function checkConversion(
  destination: S3DestinationConfig,
  connections: Pick<FirehoseConnections, 'glueTable'>,
): void {
  const { conversion, compression } = destination;
  if (!conversion) return;
  const when = 'when data format conversion is enabled.';
  checkLarge(destination, when);
  if (compression !== 'UNCOMPRESSED') {
    throw invalidArgument(`CompressionFormat must be UNCOMPRESSED ${when}`);
  }
  if (conversion.parquetCompression === 'GZIP') {
    throw invalidArgument(
      'The local AWS writes Parquet with SNAPPY or UNCOMPRESSED, not with GZIP.',
    );
  }
  const converter = openConverter(connections, conversion);
  if ('errorCode' in converter) {
    throw invalidArgument(`DataFormatConversionConfiguration: ${converter.errorMessage}`);
  }
}

function checkLarge({ bufferSizeMb }: S3DestinationConfig, when: string): void {
  if (bufferSizeMb < MIN_LARGE_SIZE_MB) {
    throw invalidArgument(`BufferingHints.SizeInMBs must be at least ${MIN_LARGE_SIZE_MB} ${when}`);
  }
}

function checkRange(what: string, value: number, lowest: number, highest: number): void {
  if (!(value >= lowest && value <= highest)) {
    throw invalidArgument(`${what} is ${value}; expected ${lowest} to ${highest}.`);
  }
}

function checkWhole(what: string, value: number): void {
  if (!Number.isInteger(value))
    throw invalidArgument(`${what} is ${value}; expected a whole number.`);
}
