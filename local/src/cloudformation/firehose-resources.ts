import type { DeliveryStreamConfig, S3DestinationConfig } from '../firehose/delivery-stream-config';
import type { PropertyReader } from './property-reader';
import { arnOf, type ResourceType } from './resource-type';

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_BufferingHints.html */
const DEFAULT_SIZE_MB = 5;
const DEFAULT_INTERVAL_SECONDS = 300;
/** Where records are converted or partitioned: `enable-record-format-conversion` and `buffering`. */
const DEFAULT_LARGE_SIZE_MB = 128;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kinesisfirehose-deliverystream.html */
const deliveryStream: ResourceType = ({ properties, environment, generatedName, deployment }) => {
  const name = properties.optionalString('DeliveryStreamName') ?? generatedName;
  const arn = arnOf(environment, 'firehose', `deliverystream/${name}`);
  properties.withoutEffect('DeliveryStreamEncryptionConfigurationInput', 'Tags');
  deployment.deliveryStreams.push({
    where: properties.where,
    name,
    arn,
    source: readSource(properties),
    destination: readDestination(properties.object('ExtendedS3DestinationConfiguration')),
  });
  return { ref: name, attributes: { Arn: arn } };
};

function readSource(properties: PropertyReader): DeliveryStreamConfig['source'] {
  const type = properties.optionalString('DeliveryStreamType') ?? 'DirectPut';
  switch (type) {
    case 'DirectPut':
      // What does not take part is still no property that was overlooked.
      properties.withoutEffect('DirectPutSourceConfiguration');
      return { kind: 'DirectPut' };
    case 'KinesisStreamAsSource': {
      const source = properties.object('KinesisStreamSourceConfiguration');
      return {
        kind: 'Kinesis',
        streamArn: source.string('KinesisStreamARN'),
        roleArn: source.string('RoleARN'),
      };
    }
    default:
      throw properties.fail(
        `has DeliveryStreamType ${type}; the local AWS has DirectPut and KinesisStreamAsSource`,
      );
  }
}

function readDestination(reader: PropertyReader): S3DestinationConfig {
  // Objects of the local S3 are not encrypted.
  reader.withoutEffect('EncryptionConfiguration');
  const roleArn = reader.string('RoleARN');
  const conversion = readConversion(reader, roleArn);
  const dynamicPartitioning = readPartitioning(reader);
  const large = conversion !== undefined || dynamicPartitioning.enabled;
  return {
    bucketArn: reader.string('BucketARN'),
    roleArn,
    prefix: reader.optionalString('Prefix') ?? '',
    errorOutputPrefix: reader.optionalString('ErrorOutputPrefix') ?? '',
    ...readBufferingHints(reader, large ? DEFAULT_LARGE_SIZE_MB : DEFAULT_SIZE_MB),
    compression: readCompression(reader),
    fileExtension: reader.optionalString('FileExtension'),
    customTimeZone: reader.optionalString('CustomTimeZone') ?? 'UTC',
    dynamicPartitioning,
    ...readProcessing(reader),
    conversion,
    backup: readBackup(reader),
    logging: readLogging(reader),
  };
}

function readBufferingHints(
  reader: PropertyReader,
  defaultSizeMb: number,
): { bufferSizeMb: number; bufferIntervalSeconds: number } {
  const hints = reader.optionalObject('BufferingHints');
  const size = hints?.optionalNumber('SizeInMBs');
  const interval = hints?.optionalNumber('IntervalInSeconds');
  if ((size === undefined) !== (interval === undefined)) {
    throw reader.fail(
      'has BufferingHints with one of SizeInMBs and IntervalInSeconds, without the other',
    );
  }
  return {
    bufferSizeMb: size ?? defaultSizeMb,
    bufferIntervalSeconds: interval ?? DEFAULT_INTERVAL_SECONDS,
  };
}

function readCompression(reader: PropertyReader): 'UNCOMPRESSED' | 'GZIP' {
  const compression = reader.optionalString('CompressionFormat') ?? 'UNCOMPRESSED';
  if (compression === 'UNCOMPRESSED' || compression === 'GZIP') return compression;
  throw reader.fail(
    `has CompressionFormat ${compression}; the local AWS has UNCOMPRESSED and GZIP`,
  );
}

function readPartitioning(reader: PropertyReader): S3DestinationConfig['dynamicPartitioning'] {
  const partitioning = reader.optionalObject('DynamicPartitioningConfiguration');
  const retry = partitioning?.optionalObject('RetryOptions');
  return {
    enabled: partitioning?.optionalBoolean('Enabled') ?? false,
    retryDurationSeconds: retry?.optionalNumber('DurationInSeconds') ?? 300,
  };
}

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_ProcessorParameter.html */
function readProcessing(
  reader: PropertyReader,
): Pick<S3DestinationConfig, 'appendDelimiter' | 'lambda'> {
  const processing = reader.optionalObject('ProcessingConfiguration');
  const enabled = processing?.optionalBoolean('Enabled') ?? processing !== undefined;
  let appendDelimiter = false;
  let lambda: S3DestinationConfig['lambda'];
  for (const processor of processing?.objects('Processors') ?? []) {
    const type = processor.string('Type');
    const parameters = new Map(
      processor
        .objects('Parameters')
        .map((parameter) => [
          parameter.string('ParameterName'),
          parameter.string('ParameterValue'),
        ]),
    );
    switch (type) {
      case 'AppendDelimiterToRecord':
        checkParameters(reader, type, parameters, ['Delimiter']);
        appendDelimiter = enabled;
        break;
      case 'Lambda':
        // The role of the destination is the one that is used.
        checkParameters(reader, type, parameters, [
          'LambdaArn',
          'NumberOfRetries',
          'BufferSizeInMBs',
          'BufferIntervalInSeconds',
          'RoleArn',
        ]);
        if (enabled) lambda = readLambda(reader, parameters);
        break;
      default:
        throw reader.fail(
          `has a processor of type ${type}; the local AWS has Lambda and AppendDelimiterToRecord`,
        );
    }
  }
  return { appendDelimiter, lambda };
}

function checkParameters(
  reader: PropertyReader,
  type: string,
  parameters: Map<string, string>,
  known: string[],
): void {
  const unknown = [...parameters.keys()].find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw reader.fail(
      `has a ${type} processor with the parameter ${unknown}; expected ${known.join(', ')}`,
    );
  }
}

function readLambda(
  reader: PropertyReader,
  parameters: Map<string, string>,
): NonNullable<S3DestinationConfig['lambda']> {
  const number = (name: string, otherwise: number): number => {
    const value = Number(parameters.get(name) ?? otherwise);
    if (Number.isNaN(value)) {
      throw reader.fail(
        `has a Lambda processor with ${name} ${parameters.get(name)}; expected a number`,
      );
    }
    return value;
  };
  const functionArn = parameters.get('LambdaArn');
  if (functionArn === undefined) throw reader.fail('has a Lambda processor without LambdaArn');
  return {
    functionArn,
    numberOfRetries: number('NumberOfRetries', 3),
    bufferSizeMb: number('BufferSizeInMBs', 1),
    bufferIntervalSeconds: number('BufferIntervalInSeconds', 60),
  };
}

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_DataFormatConversionConfiguration.html */
function readConversion(
  reader: PropertyReader,
  destinationRoleArn: string,
): S3DestinationConfig['conversion'] {
  const conversion = reader.optionalObject('DataFormatConversionConfiguration');
  if (!conversion) return undefined;
  const enabled = conversion.optionalBoolean('Enabled') ?? true;
  const schema = conversion.object('SchemaConfiguration');
  // There is one catalog, of one account and region, and one version of each table.
  schema.withoutEffect('CatalogId', 'Region', 'VersionId');
  const deserializer = conversion.object('InputFormatConfiguration').object('Deserializer');
  const serializer = conversion.object('OutputFormatConfiguration').object('Serializer');
  const parquet = serializer.optionalObject('ParquetSerDe');
  if (!parquet) throw reader.fail('has no Serializer ParquetSerDe; the local AWS has no other');
  parquet.withoutEffect(
    'BlockSizeBytes',
    'EnableDictionaryCompression',
    'MaxPaddingBytes',
    'PageSizeBytes',
    'WriterVersion',
  );
  const read: S3DestinationConfig['conversion'] = {
    databaseName: schema.string('DatabaseName'),
    tableName: schema.string('TableName'),
    roleArn: schema.optionalString('RoleARN') ?? destinationRoleArn,
    deserializer: readDeserializer(reader, deserializer),
    parquetCompression: readParquetCompression(reader, parquet),
  };
  return enabled ? read : undefined;
}

function readDeserializer(
  reader: PropertyReader,
  deserializer: PropertyReader,
): NonNullable<S3DestinationConfig['conversion']>['deserializer'] {
  const hive = deserializer.optionalObject('HiveJsonSerDe');
  if (hive) return { kind: 'HiveJson', timestampFormats: hive.strings('TimestampFormats') };
  const openX = deserializer.optionalObject('OpenXJsonSerDe');
  if (!openX)
    throw reader.fail('has a Deserializer that is neither OpenXJsonSerDe nor HiveJsonSerDe');
  return {
    kind: 'OpenXJson',
    caseInsensitive: openX.optionalBoolean('CaseInsensitive') ?? true,
    convertDotsToUnderscores: openX.optionalBoolean('ConvertDotsInJsonKeysToUnderscores') ?? false,
  };
}

function readParquetCompression(
  reader: PropertyReader,
  parquet: PropertyReader,
): 'UNCOMPRESSED' | 'SNAPPY' | 'GZIP' {
  const compression = parquet.optionalString('Compression') ?? 'SNAPPY';
  if (compression === 'UNCOMPRESSED' || compression === 'SNAPPY' || compression === 'GZIP') {
    return compression;
  }
  throw reader.fail(`has ParquetSerDe.Compression ${compression}; expected SNAPPY or UNCOMPRESSED`);
}

function readBackup(reader: PropertyReader): S3DestinationConfig['backup'] {
  const mode = reader.optionalString('S3BackupMode') ?? 'Disabled';
  const backup = reader.optionalObject('S3BackupConfiguration');
  if (!backup) {
    if (mode === 'Enabled')
      throw reader.fail('has S3BackupMode Enabled and no S3BackupConfiguration');
    return undefined;
  }
  backup.withoutEffect('EncryptionConfiguration', 'CloudWatchLoggingOptions');
  const read: S3DestinationConfig['backup'] = {
    bucketArn: backup.string('BucketARN'),
    roleArn: backup.string('RoleARN'),
    prefix: backup.optionalString('Prefix') ?? '',
    errorOutputPrefix: backup.optionalString('ErrorOutputPrefix') ?? '',
    compression: readCompression(backup),
    ...readBufferingHints(backup, DEFAULT_SIZE_MB),
  };
  return mode === 'Enabled' ? read : undefined;
}

function readLogging(reader: PropertyReader): S3DestinationConfig['logging'] {
  const logging = reader.optionalObject('CloudWatchLoggingOptions');
  const logGroupName = logging?.optionalString('LogGroupName');
  const logStreamName = logging?.optionalString('LogStreamName');
  if (!(logging?.optionalBoolean('Enabled') ?? false)) return undefined;
  if (logGroupName === undefined || logStreamName === undefined) {
    throw reader.fail('has CloudWatchLoggingOptions without LogGroupName or LogStreamName');
  }
  return { logGroupName, logStreamName };
}

export const firehoseResources: Record<string, ResourceType> = {
  'AWS::KinesisFirehose::DeliveryStream': deliveryStream,
};
