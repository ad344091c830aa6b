import type { AwsContext } from '../core/aws-context';
import type { Item } from './item';
import type { StreamViewType } from './table-config';

/** A table as DescribeTable shows it and as it is kept. */
export interface Table {
  TableName: string;
  TableArn: string;
  TableId: string;
  TableStatus: string;
  /** Seconds since the epoch. */
  CreationDateTime: number;
  AttributeDefinitions: { AttributeName: string; AttributeType: string }[];
  KeySchema: { AttributeName: string; KeyType: string }[];
  LocalSecondaryIndexes?: Index[];
  GlobalSecondaryIndexes?: Index[];
  StreamSpecification?: { StreamEnabled: true; StreamViewType: StreamViewType };
  LatestStreamLabel?: string;
  LatestStreamArn?: string;
}

export interface Index {
  IndexName: string;
  IndexArn: string;
  IndexStatus?: string;
  KeySchema: { AttributeName: string; KeyType: string }[];
  Projection: { ProjectionType: string; NonKeyAttributes?: string[] };
}

export function tableArn(context: AwsContext, tableName: string): string {
  return `arn:aws:dynamodb:${context.region}:${context.accountId}:table/${tableName}`;
}

export function streamArn(context: AwsContext, tableName: string, label: string): string {
  return `${tableArn(context, tableName)}/stream/${label}`;
}

/** What tells a stream from the table's others: the end of its ARN. */
export function streamLabel(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** The table with ARNs of the account and region that this start is of. */
export function withArns(context: AwsContext, table: Table): Table {
  const arn = tableArn(context, table.TableName);
  const withArn = (index: Index): Index => ({
    ...index,
    IndexArn: `${arn}/index/${index.IndexName}`,
  });
  const { LocalSecondaryIndexes: local, GlobalSecondaryIndexes: global } = table;
  const label = table.LatestStreamLabel;
  return {
    ...table,
    TableArn: arn,
    ...(local && { LocalSecondaryIndexes: local.map(withArn) }),
    ...(global && { GlobalSecondaryIndexes: global.map(withArn) }),
    ...(label && { LatestStreamArn: streamArn(context, table.TableName, label) }),
  };
}

/** The key of an item of the table. */
export function keyOf(table: Table, item: Item): Item {
  return Object.fromEntries(
    table.KeySchema.map(({ AttributeName: name }) => [name, item[name] ?? {}]),
  );
}

/** What decides how items are found: the key's attributes and their types, in order. */
export function keyDefinition(table: Table): string {
  return table.KeySchema.map(({ AttributeName: name, KeyType: role }) => {
    const definition = table.AttributeDefinitions.find((one) => one.AttributeName === name);
    return `${name} ${definition?.AttributeType} ${role}`;
  }).join(', ');
}
