import { isDeepStrictEqual } from 'node:util';
import type { Store } from 'dynalite/db';
import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import type { Database } from './database';
import { indexOperations } from './index-entries';
import type { Item } from './item';
import { runAction } from './run-action';
import { keyDefinition, streamLabel, type Index, type Table } from './table';
import type { DynamoDbTableConfig, StreamViewType } from './table-config';
import { indexPrefix, itemPrefix, putTable, removeTable, type WriteBuffer } from './write-buffer';

/** The stream that a table is to have. */
export interface StreamSettings {
  /** The end of the stream's ARN. */
  label: string;
  viewType: StreamViewType;
}

/**
 * A table as CreateTable makes it of its input, ready for use. Throws ValidationException for what
 * CreateTable refuses, whether or not there is a table of this name.
 */
export async function describeTable(
  context: AwsContext,
  store: Store,
  input: object,
): Promise<Table> {
  const nothingThere: Store = {
    ...store,
    tableDb: {
      ...store.tableDb,
      get: (_, callback) => callback(),
      put: (_, __, callback) => callback(),
      lock: (_, locked) => locked((callback) => callback),
    },
  };
  const output = await runAction('CreateTable', nothingThere, input);
  // A copy: dynalite goes on with its own.
  const table = structuredClone((output as { TableDescription: Table }).TableDescription);
  const active = (index: Index): Index => ({ ...index, IndexStatus: 'ACTIVE' });
  const indexes = table.GlobalSecondaryIndexes;
  return {
    ...table,
    TableStatus: 'ACTIVE',
    CreationDateTime: context.clock.now() / 1000,
    ...(indexes && { GlobalSecondaryIndexes: indexes.map(active) }),
  };
}

/** The table with this stream and no other. */
export function withStream(table: Table, stream: StreamSettings | undefined): Table {
  const changed = { ...table };
  delete changed.StreamSpecification;
  delete changed.LatestStreamLabel;
  delete changed.LatestStreamArn;
  if (!stream) return changed;
  return {
    ...changed,
    StreamSpecification: { StreamEnabled: true, StreamViewType: stream.viewType },
    LatestStreamLabel: stream.label,
  };
}

/**
 * Creates the table of a template, or makes the one that stands what the template declares: its
 * items stay, its indexes are built anew where they differ. Throws where its key differs.
 */
export async function ensureTable(
  context: AwsContext,
  database: Database,
  { name, definition, stream }: DynamoDbTableConfig,
): Promise<void> {
  const settings = stream && { label: streamLabel(stream.arn), viewType: stream.viewType };
  await database.write(async (buffer) => {
    const input = { ...definition, TableName: name };
    const wanted = withStream(await describeTable(context, buffer.store, input), settings);
    const present = database.findTable(name);
    if (!present) return putTable(buffer, wanted);
    if (keyDefinition(present) !== keyDefinition(wanted)) {
      throw new AwsError(
        'ResourceInUseException',
        `The table ${name} stands with the key ${keyDefinition(present)}; expected ` +
          `${keyDefinition(wanted)}. Give it another name, or empty the state folder.`,
      );
    }
    const { TableId, CreationDateTime } = present;
    const table = { ...wanted, TableId, CreationDateTime };
    if (!isDeepStrictEqual(indexDefinitions(present), indexDefinitions(table))) {
      await rebuildIndexes(database, buffer, table);
    }
    putTable(buffer, table);
  });
}

/** Takes the table's items and index entries away; the table itself goes with them. */
export async function deleteTable(
  database: Database,
  buffer: WriteBuffer,
  name: string,
): Promise<void> {
  const prefixes = [itemPrefix(name), indexPrefix('local', name), indexPrefix('global', name)];
  for (const prefix of prefixes) {
    for (const [key] of await database.below(prefix)) buffer.delete(key);
  }
  removeTable(buffer, name);
}

async function rebuildIndexes(
  database: Database,
  buffer: WriteBuffer,
  table: Table,
): Promise<void> {
  for (const kind of ['local', 'global'] as const) {
    const entries = await database.below(indexPrefix(kind, table.TableName));
    for (const [key] of entries) buffer.delete(key);
  }
  for (const [, item] of await database.below(itemPrefix(table.TableName))) {
    const operations = indexOperations(table, { newItem: item as Item });
    for (const { key, value } of operations) buffer.put(key, value);
  }
}

/** What of the indexes decides their entries. */
function indexDefinitions(table: Table): unknown {
  const of = (indexes: Index[] = []): unknown =>
    indexes.map(({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }));
  return [of(table.LocalSecondaryIndexes), of(table.GlobalSecondaryIndexes)];
}
