import type { DeliveryStreamConfig } from './delivery-stream-config';
import type { ConversionConfig, ConversionError, Converter } from './converter';
import {
  conversionErrorLine,
  processingErrorLine,
  type CatalogTableName,
  type RecordFailure,
} from './error-record';
import type { Outcome } from './lambda-response';
import { effectivePrefixes } from './object-key';
import { evaluatePrefix, partitionKeyNames } from './prefix-expression';
import {
  laneId,
  type ErrorOutputType,
  type Lane,
  type ReadyRecord,
  type SourceRecord,
} from './record';

/** https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
export const MAX_ACTIVE_PARTITIONS = 500;

/** Decides where a record goes, given what its transformation came to. */
export type RouteRecord = (
  source: SourceRecord,
  outcome: Outcome,
  attemptsMade: number,
) => ReadyRecord;

export interface RouteOptions {
  config: DeliveryStreamConfig;
  region: string;
  /** Ids of the lanes that records are buffered for; what is routed joins them. */
  activePartitions: Set<string>;
  converter: Converter | ConversionError | undefined;
  now: number;
}

/** https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html#prefix-rules */
export const MAX_PREFIX_LENGTH = 512;

/** A router for one batch of records. */
export function createRouter(options: RouteOptions): RouteRecord {
  const { config, now, activePartitions } = options;
  const { lambda, conversion, dynamicPartitioning, customTimeZone } = config.destination;
  const prefix = effectivePrefixes(config.destination).data;
  const keyNames = partitionKeyNames(prefix);

  const processingFailed = (
    source: SourceRecord,
    failure: RecordFailure,
    type: ErrorOutputType = 'processing-failed',
    functionArn?: string,
  ): ReadyRecord => errorRecord(type, source, processingErrorLine(source, failure, functionArn));

  /** Or why there is no lane for the record. */
  function partitionOf(
    partitionKeys: Record<string, string>,
    arrivedAt: number,
  ): { lane: Lane } | { type: ErrorOutputType; errorCode: string; errorMessage: string } {
    const used = keyNames.map((name) => [name, partitionKeys[name] ?? ''] as const);
    const empty = used.find(([, value]) => value === '');
    const failed = (errorMessage: string) => ({
      type: 'processing-failed' as const,
      errorCode: 'DynamicPartitioning.MetadataExtractionFailed',
      errorMessage,
    });
    if (empty) {
      return failed(`partitionKeys values must not be null or empty: there is no ${empty[0]}.`);
    }
    const lane: Lane = { kind: 'data', partitionKeys: Object.fromEntries(used) };
    const evaluated = evaluatePrefix(prefix, {
      time: arrivedAt,
      timeZone: customTimeZone,
      partitionKeys: lane.partitionKeys,
    });
    if (evaluated.length > MAX_PREFIX_LENGTH) {
      return failed(`The prefix has ${evaluated.length} characters; at most ${MAX_PREFIX_LENGTH}.`);
    }
    const id = laneId(lane);
    if (!activePartitions.has(id)) {
      if (activePartitions.size >= MAX_ACTIVE_PARTITIONS) {
        return {
          type: 'activePartitionExceeded',
          errorCode: 'DynamicPartitioning.ActivePartitionsLimitExceeded',
          errorMessage: `The stream has ${MAX_ACTIVE_PARTITIONS} active partitions, which is the most.`,
        };
      }
      activePartitions.add(id);
    }
    return { lane };
  }

  return (source, outcome, attemptsMade) => {
    const { arrivedAt } = source;
    if (outcome.result === 'Dropped') return { lane: null, data: '', arrivedAt };
    if (outcome.result === 'Failed') {
      const { errorCode, errorMessage } = outcome;
      const failure = { errorCode, errorMessage, attemptsMade, endedAt: now };
      return processingFailed(source, failure, 'processing-failed', lambda?.functionArn);
    }
    if (conversion && options.converter) {
      const failure = misfit(options.converter, outcome.data);
      if (failure) {
        const line = conversionErrorLine(
          source,
          outcome.data,
          { ...failure, attemptsMade: 1, endedAt: now },
          tableName(conversion, options.region),
        );
        return errorRecord('format-conversion-failed', source, line);
      }
    }
    if (!dynamicPartitioning.enabled) {
      return { lane: { kind: 'data', partitionKeys: {} }, data: outcome.data, arrivedAt };
    }
    const partition = partitionOf(outcome.partitionKeys, arrivedAt);
    if ('lane' in partition) return { lane: partition.lane, data: outcome.data, arrivedAt };
    const { type, errorCode, errorMessage } = partition;
    return processingFailed(source, { errorCode, errorMessage, attemptsMade, endedAt: now }, type);
  };
}

function misfit(converter: Converter | ConversionError, data: string): ConversionError | undefined {
  if ('errorCode' in converter) return converter;
  const deserialized = converter.deserialize(Buffer.from(data, 'base64'));
  return 'rows' in deserialized ? undefined : deserialized;
}

function tableName(
  { databaseName, tableName }: ConversionConfig,
  region: string,
): CatalogTableName {
  return { databaseName, tableName, region };
}

function errorRecord(type: ErrorOutputType, source: SourceRecord, line: string): ReadyRecord {
  return {
    lane: { kind: 'error', errorOutputType: type },
    data: Buffer.from(line).toString('base64'),
    arrivedAt: source.arrivedAt,
  };
}
