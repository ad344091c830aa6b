import type { DynamoDbTableConfig, StreamViewType } from '../dynamodb/table-config';
import type { PropertyReader } from './property-reader';
import { arnOf, type ResourceType } from './resource-type';

type Definition = DynamoDbTableConfig['definition'];

// AWS labels a stream with the time at which it was enabled. Here it is the same at each start.
const STREAM_LABEL = '2025-01-01T00:00:00.000';

const STREAM_VIEW_TYPES: readonly StreamViewType[] = [
  'KEYS_ONLY',
  'NEW_IMAGE',
  'OLD_IMAGE',
  'NEW_AND_OLD_IMAGES',
];

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html */
const table: ResourceType = ({ properties, environment, generatedName, deployment }) => {
  const name = properties.optionalString('TableName') ?? generatedName;
  const arn = arnOf(environment, 'dynamodb', `table/${name}`);
  properties.withoutEffect(
    'ContributorInsightsSpecification',
    'DeletionProtectionEnabled',
    'OnDemandThroughput',
    'PointInTimeRecoverySpecification',
    'SSESpecification',
    'TableClass',
    'Tags',
    // Items are deleted some time after they expire; here, never.
    'TimeToLiveSpecification',
    'WarmThroughput',
  );
  const viewType = readViewType(properties);
  const stream = viewType && { arn: `${arn}/stream/${STREAM_LABEL}`, viewType };
  deployment.dynamoDbTables.push({
    name,
    arn,
    definition: readDefinition(properties),
    ...(stream && { stream }),
  });
  return { ref: name, attributes: { Arn: arn, ...(stream && { StreamArn: stream.arn }) } };
};

function readDefinition(properties: PropertyReader): Definition {
  return withoutUndefined({
    AttributeDefinitions: properties.objects('AttributeDefinitions').map((attribute) => ({
      AttributeName: attribute.string('AttributeName'),
      AttributeType: attribute.string('AttributeType') as 'S' | 'N' | 'B',
    })),
    KeySchema: readKeySchema(properties),
    BillingMode: properties.optionalString('BillingMode') as Definition['BillingMode'],
    ProvisionedThroughput: readThroughput(properties),
    GlobalSecondaryIndexes: readIndexes(properties, 'GlobalSecondaryIndexes')?.map((index) =>
      withoutUndefined({ ...readIndex(index), ProvisionedThroughput: readThroughput(index) }),
    ),
    LocalSecondaryIndexes: readIndexes(properties, 'LocalSecondaryIndexes')?.map(readIndex),
  });
}

/** Undefined where there is none: DynamoDB refuses an empty list. */
function readIndexes(properties: PropertyReader, name: string): PropertyReader[] | undefined {
  const indexes = properties.objects(name);
  return indexes.length > 0 ? indexes : undefined;
}

function readIndex(index: PropertyReader) {
  index.withoutEffect('ContributorInsightsSpecification', 'OnDemandThroughput', 'WarmThroughput');
  const projection = index.object('Projection');
  const attributes = projection.strings('NonKeyAttributes');
  return {
    IndexName: index.string('IndexName'),
    KeySchema: readKeySchema(index),
    Projection: {
      ProjectionType: projection.string('ProjectionType') as 'ALL' | 'INCLUDE' | 'KEYS_ONLY',
      ...(attributes.length > 0 && { NonKeyAttributes: attributes }),
    },
  };
}

function readKeySchema(owner: PropertyReader) {
  return owner.objects('KeySchema').map((key) => ({
    AttributeName: key.string('AttributeName'),
    KeyType: key.string('KeyType') as 'HASH' | 'RANGE',
  }));
}

function readThroughput(owner: PropertyReader): Definition['ProvisionedThroughput'] {
  const throughput = owner.optionalObject('ProvisionedThroughput');
  return (
    throughput && {
      ReadCapacityUnits: throughput.optionalNumber('ReadCapacityUnits'),
      WriteCapacityUnits: throughput.optionalNumber('WriteCapacityUnits'),
    }
  );
}

function readViewType(properties: PropertyReader): StreamViewType | undefined {
  const text = properties.optionalObject('StreamSpecification')?.string('StreamViewType');
  if (text === undefined) return undefined;
  const viewType = STREAM_VIEW_TYPES.find((type) => type === text);
  if (viewType !== undefined) return viewType;
  throw properties.fail(
    `has StreamSpecification.StreamViewType: "${text}"; expected ${STREAM_VIEW_TYPES.join(', ')}`,
  );
}

function withoutUndefined<T extends object>(value: T): T {
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries) as T;
}

export const dynamodbResources: Record<string, ResourceType> = {
  'AWS::DynamoDB::Table': table,
};
