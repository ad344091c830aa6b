import { isJsonObject } from '@saleslake/shared/runtime/json-object';
import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import type { JsonOperation } from '../core/json-protocol';
import type { Database } from './database';
import { validationError } from './dynamodb-error';
import { optionalLimit, optionalString, requiredString, type Input } from './parameters';
import { runAction } from './run-action';
import { tableArn } from './table';
import type { StreamViewType } from './table-config';
import { deleteTable, describeTable, withStream, type StreamSettings } from './tables';
import { putTable } from './write-buffer';

const MOST_LISTED = 100;

/** Operations on tables. What they change is done when they answer. */
export function tableOperations(
  context: AwsContext,
  database: Database,
): Record<string, JsonOperation> {
  const onTable =
    (
      action: string,
      run: (name: string, input: Input) => Promise<object> | object,
    ): JsonOperation =>
    (input, { accessKeyId }) => {
      const name = requiredString(input, 'TableName');
      context.authorize(accessKeyId, `dynamodb:${action}`, tableArn(context, name));
      return run(name, input);
    };

  /** A label as AWS makes it, of the time at which the stream begins. */
  const newStream = (viewType: StreamViewType): StreamSettings => ({
    label: new Date(context.clock.now()).toISOString().replace('Z', ''),
    viewType,
  });

  return {
    CreateTable: onTable('CreateTable', async (name, input) => {
      const viewType = readStreamSpecification(input);
      await database.write(async (buffer) => {
        if (database.findTable(name)) {
          throw new AwsError('ResourceInUseException', `Table already exists: ${name}`);
        }
        const table = await describeTable(context, buffer.store, input);
        putTable(buffer, withStream(table, viewType && newStream(viewType)));
      });
      return { TableDescription: database.table(name) };
    }),

    UpdateTable: onTable('UpdateTable', async (name, input) => {
      const others = Object.keys(input).filter(
        (member) => member !== 'TableName' && member !== 'StreamSpecification',
      );
      if (others.length > 0) {
        throw new AwsError(
          'UnsupportedOperation',
          `The local AWS changes nothing but StreamSpecification; UpdateTable has ${others.join(', ')}.`,
        );
      }
      const viewType = readStreamSpecification(input);
      await database.write((buffer) => {
        const table = database.table(name);
        const present = table.StreamSpecification !== undefined;
        if (present === (viewType !== undefined)) {
          throw validationError(`Table ${present ? 'already has a' : 'has no'} stream: ${name}`);
        }
        putTable(buffer, withStream(table, viewType && newStream(viewType)));
        return Promise.resolve();
      });
      return { TableDescription: database.table(name) };
    }),

    DeleteTable: onTable('DeleteTable', async (name) => {
      const table = database.table(name);
      await database.write((buffer) => deleteTable(database, buffer, name));
      return { TableDescription: { ...table, TableStatus: 'DELETING' } };
    }),

    DescribeTable: onTable('DescribeTable', (name) => ({ Table: database.table(name) })),

    ListTables: (input, { accessKeyId }) => {
      context.authorize(accessKeyId, 'dynamodb:ListTables', tableArn(context, '*'));
      const after = optionalString(input, 'ExclusiveStartTableName') ?? '';
      const limit = optionalLimit(input, 'Limit', MOST_LISTED) ?? MOST_LISTED;
      const rest = database
        .tables()
        .flatMap(({ TableName }) => (TableName > after ? TableName : []));
      const TableNames = rest.slice(0, limit);
      return {
        TableNames,
        ...(rest.length > limit && { LastEvaluatedTableName: TableNames.at(-1) }),
      };
    },

    DescribeTimeToLive: onTable('DescribeTimeToLive', (_, input) =>
      runAction('DescribeTimeToLive', database.store, input),
    ),

    DescribeContinuousBackups: onTable('DescribeContinuousBackups', (name) => {
      database.table(name);
      return {
        ContinuousBackupsDescription: {
          ContinuousBackupsStatus: 'ENABLED',
          PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
        },
      };
    }),
  };
}

const STREAM_VIEW_TYPES: readonly StreamViewType[] = [
  'KEYS_ONLY',
  'NEW_IMAGE',
  'OLD_IMAGE',
  'NEW_AND_OLD_IMAGES',
];

/** What the stream is to record; undefined where there is to be none. */
function readStreamSpecification(input: Input): StreamViewType | undefined {
  const specification = input['StreamSpecification'] ?? { StreamEnabled: false };
  if (!isJsonObject(specification)) throw validationError('StreamSpecification must be an object');
  if (specification['StreamEnabled'] !== true) return undefined;
  const viewType = STREAM_VIEW_TYPES.find((type) => type === specification['StreamViewType']);
  if (viewType !== undefined) return viewType;
  throw validationError(
    `StreamViewType must be one of ${STREAM_VIEW_TYPES.join(', ')}; ` +
      `it is ${JSON.stringify(specification['StreamViewType'])}`,
  );
}
