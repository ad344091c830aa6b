import { randomUUID } from 'node:crypto';
import { compileTimeFormat } from './date-time-pattern';
import type { S3DestinationConfig } from './delivery-stream-config';
import {
  evaluatePrefix,
  hasExpressions,
  hasPart,
  parsePrefix,
  type PrefixExpression,
} from './prefix-expression';
import type { Lane } from './record';

/** The key of an object whose oldest record arrived at `time`, milliseconds since the epoch. */
export type KeyOf = (lane: Lane, time: number) => string;

const DEFAULT_TIMESTAMP = '!{timestamp:yyyy/MM/dd/HH/}';
const ERROR_OUTPUT_TYPE = '!{firehose:error-output-type}';
const objectTime = compileTimeFormat('yyyy-MM-dd-HH-mm-ss');

/**
 * The prefixes of a destination, completed as Firehose completes them: a prefix without a
 * timestamp gets one, unless records are partitioned by their keys; errors go beside the data
 * where no prefix is given for them.
 * https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html#prefix-rules
 */
export function effectivePrefixes(destination: S3DestinationConfig): {
  data: PrefixExpression;
  error: PrefixExpression;
} {
  const { prefix, errorOutputPrefix, dynamicPartitioning } = destination;
  return {
    data: dynamicPartitioning.enabled ? parsePrefix(prefix) : withTimestamp(prefix),
    error: hasExpressions(parsePrefix(errorOutputPrefix))
      ? parsePrefix(errorOutputPrefix)
      : parsePrefix(`${errorOutputPrefix || prefix}${ERROR_OUTPUT_TYPE}/${DEFAULT_TIMESTAMP}`),
  };
}

export function withTimestamp(prefix: string): PrefixExpression {
  const parsed = parsePrefix(prefix);
  return hasPart(parsed, 'timestamp') ? parsed : parsePrefix(prefix + DEFAULT_TIMESTAMP);
}

/**
 * How a stream names its objects: `<prefix><stream>-<version>-yyyy-MM-dd-HH-mm-ss-<uuid><extension>`.
 * https://docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html
 */
export function objectKeys(
  streamName: string,
  version: number,
  destination: S3DestinationConfig,
): KeyOf {
  const { data, error } = effectivePrefixes(destination);
  const { backup, customTimeZone: timeZone } = destination;
  const backupPrefix = withTimestamp(backup?.prefix ?? '');
  const dataExtension =
    destination.fileExtension ||
    (destination.conversion ? '.parquet' : gzipExtension(destination.compression));

  const prefixAndExtension = (lane: Lane, time: number): [string, string] => {
    switch (lane.kind) {
      case 'data': {
        const { partitionKeys } = lane;
        return [evaluatePrefix(data, { time, timeZone, partitionKeys }), dataExtension];
      }
      case 'error': {
        const { errorOutputType } = lane;
        return [evaluatePrefix(error, { time, timeZone, errorOutputType }), ''];
      }
      case 'backup':
        return [
          evaluatePrefix(backupPrefix, { time, timeZone }),
          gzipExtension(backup?.compression),
        ];
    }
  };

  return (lane, time) => {
    const [prefix, extension] = prefixAndExtension(lane, time);
    const suffix = `${streamName}-${version}-${objectTime(time, timeZone)}-${randomUUID()}`;
    return prefix + suffix + extension;
  };
}

function gzipExtension(compression: string | undefined): string {
  return compression === 'GZIP' ? '.gz' : '';
}
