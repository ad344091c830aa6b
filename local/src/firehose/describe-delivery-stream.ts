import type { S3DestinationConfig } from './delivery-stream-config';
import type { DeliveryStream } from './delivery-stream';

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_DeliveryStreamDescription.html */
export function describeDeliveryStream({
  config: { name, arn, source, destination },
  version,
  createdAt,
  updatedAt,
}: DeliveryStream): object {
  return {
    DeliveryStreamName: name,
    DeliveryStreamARN: arn,
    DeliveryStreamStatus: 'ACTIVE',
    DeliveryStreamEncryptionConfiguration: { Status: 'DISABLED' },
    DeliveryStreamType: source.kind === 'Kinesis' ? 'KinesisStreamAsSource' : 'DirectPut',
    VersionId: String(version),
    CreateTimestamp: createdAt / 1000,
    LastUpdateTimestamp: updatedAt / 1000,
    ...(source.kind === 'Kinesis' && {
      Source: {
        KinesisStreamSourceDescription: {
          KinesisStreamARN: source.streamArn,
          RoleARN: source.roleArn,
          DeliveryStartTimestamp: createdAt / 1000,
        },
      },
    }),
    Destinations: [
      {
        DestinationId: 'destinationId-000000000001',
        ExtendedS3DestinationDescription: describeDestination(destination),
      },
    ],
    HasMoreDestinations: false,
  };
}

function describeDestination(destination: S3DestinationConfig): object {
  const { backup, conversion, dynamicPartitioning, fileExtension, logging } = destination;
  const processors = describeProcessors(destination);
  return {
    ...describeBucket(destination),
    CloudWatchLoggingOptions: {
      Enabled: logging !== undefined,
      ...(logging && {
        LogGroupName: logging.logGroupName,
        LogStreamName: logging.logStreamName,
      }),
    },
    ProcessingConfiguration: { Enabled: processors.length > 0, Processors: processors },
    S3BackupMode: backup ? 'Enabled' : 'Disabled',
    ...(backup && { S3BackupDescription: describeBucket(backup) }),
    ...(conversion && { DataFormatConversionConfiguration: describeConversion(conversion) }),
    DynamicPartitioningConfiguration: {
      Enabled: dynamicPartitioning.enabled,
      ...(dynamicPartitioning.enabled && {
        RetryOptions: { DurationInSeconds: dynamicPartitioning.retryDurationSeconds },
      }),
    },
    ...(fileExtension && { FileExtension: fileExtension }),
    CustomTimeZone: destination.customTimeZone,
  };
}

function describeBucket(
  bucket: Pick<
    S3DestinationConfig,
    | 'roleArn'
    | 'bucketArn'
    | 'prefix'
    | 'errorOutputPrefix'
    | 'bufferSizeMb'
    | 'bufferIntervalSeconds'
    | 'compression'
  >,
): object {
  return {
    RoleARN: bucket.roleArn,
    BucketARN: bucket.bucketArn,
    Prefix: bucket.prefix,
    ErrorOutputPrefix: bucket.errorOutputPrefix,
    BufferingHints: {
      SizeInMBs: bucket.bufferSizeMb,
      IntervalInSeconds: bucket.bufferIntervalSeconds,
    },
    CompressionFormat: bucket.compression,
    EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
  };
}

function describeProcessors({ lambda, appendDelimiter }: S3DestinationConfig): object[] {
  const parameter = (name: string, value: string | number) => ({
    ParameterName: name,
    ParameterValue: String(value),
  });
  const processors: object[] = [];
  if (lambda) {
    processors.push({
      Type: 'Lambda',
      Parameters: [
        parameter('LambdaArn', lambda.functionArn),
        parameter('NumberOfRetries', lambda.numberOfRetries),
        parameter('BufferSizeInMBs', lambda.bufferSizeMb),
        parameter('BufferIntervalInSeconds', lambda.bufferIntervalSeconds),
      ],
    });
  }
  if (appendDelimiter) processors.push({ Type: 'AppendDelimiterToRecord', Parameters: [] });
  return processors;
}

function describeConversion(conversion: NonNullable<S3DestinationConfig['conversion']>): object {
  const { deserializer } = conversion;
  return {
    Enabled: true,
    SchemaConfiguration: {
      RoleARN: conversion.roleArn,
      DatabaseName: conversion.databaseName,
      TableName: conversion.tableName,
      VersionId: 'LATEST',
    },
    InputFormatConfiguration: {
      Deserializer:
        deserializer.kind === 'OpenXJson'
          ? {
              OpenXJsonSerDe: {
                CaseInsensitive: deserializer.caseInsensitive,
                ConvertDotsInJsonKeysToUnderscores: deserializer.convertDotsToUnderscores,
              },
            }
          : { HiveJsonSerDe: { TimestampFormats: deserializer.timestampFormats } },
    },
    OutputFormatConfiguration: {
      Serializer: { ParquetSerDe: { Compression: conversion.parquetCompression } },
    },
  };
}
