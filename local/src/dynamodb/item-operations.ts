import { isJsonObject } from '@saleslake/shared/runtime/json-object';
import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import type { JsonOperation } from '../core/json-protocol';
import type { Database } from './database';
import { errorWith } from './dynamodb-error';
import { optionalString, requiredString, type Input } from './parameters';
import { runAction, runValidated, validated, type ActionName } from './run-action';
import { tableArn } from './table';
import type { WriteBuffer } from './write-buffer';

type WriteAction = 'PutItem' | 'UpdateItem' | 'DeleteItem';

/**
 * Operations on items: dynalite decides what they do, the database makes them one commit with
 * what the streams record.
 */
export function itemOperations(
  context: AwsContext,
  database: Database,
): Record<string, JsonOperation> {
  const { store } = database;

  /** Throws AccessDenied where the caller may not do this to each of the tables. */
  const authorize = (
    action: string,
    accessKeyId: string | undefined,
    tables: readonly string[],
  ): void => {
    for (const table of tables) {
      context.authorize(accessKeyId, `dynamodb:${action}`, tableArn(context, table));
    }
  };

  const read =
    (name: ActionName): JsonOperation =>
    (input, { accessKeyId }) => {
      // Whoever may query an index need not be allowed the table.
      const index = optionalString(input, 'IndexName');
      const table = requiredString(input, 'TableName');
      authorize(name, accessKeyId, [index === undefined ? table : `${table}/index/${index}`]);
      return runAction(name, store, input);
    };

  const write =
    (name: WriteAction): JsonOperation =>
    (input, { accessKeyId }) => {
      authorize(name, accessKeyId, [requiredString(input, 'TableName')]);
      return database.write((buffer) =>
        runWrite(name, buffer, input, validated(name, buffer.store, input)),
      );
    };

  return {
    GetItem: read('GetItem'),
    Query: read('Query'),
    Scan: read('Scan'),
    PutItem: write('PutItem'),
    UpdateItem: write('UpdateItem'),
    DeleteItem: write('DeleteItem'),

    BatchGetItem: (input, { accessKeyId }) => {
      authorize('BatchGetItem', accessKeyId, tablesOf(input));
      return runAction('BatchGetItem', store, input);
    },

    BatchWriteItem: (input, { accessKeyId }) => {
      authorize('BatchWriteItem', accessKeyId, tablesOf(input));
      return database.write((buffer) => runAction('BatchWriteItem', buffer.store, input));
    },
  };
}

/**
 * Runs a write on one item into the buffer; `data` is the input once validated. A failed condition shows the item that it failed on
 * where ReturnValuesOnConditionCheckFailure asks for it.
 */
export async function runWrite(
  name: WriteAction,
  buffer: WriteBuffer,
  input: Input,
  data: object,
): Promise<object> {
  try {
    return await runValidated(name, buffer.store, data);
  } catch (error) {
    const failed = error instanceof AwsError && error.code === 'ConditionalCheckFailedException';
    const item = buffer.lastRead();
    if (!failed || !item || input['ReturnValuesOnConditionCheckFailure'] !== 'ALL_OLD') throw error;
    throw errorWith(error.code, error.message, { Item: item });
  }
}

function tablesOf(input: Input): string[] {
  const items = input['RequestItems'];
  return isJsonObject(items) ? Object.keys(items) : [];
}
