import { createHash } from 'node:crypto';
import { isJsonObject } from '@saleslake/shared/runtime/json-object';
import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import type { JsonOperation } from '../core/json-protocol';
import type { Database } from './database';
import { errorWith, validationError } from './dynamodb-error';
import type { Item } from './item';
import { runWrite } from './item-operations';
import { optionalString, requiredObjects, requiredString, type Input } from './parameters';
import { runAction, validated } from './run-action';
import { keyOf, tableArn } from './table';
import { bufferWrites, type WriteBuffer } from './write-buffer';

const MOST_ACTIONS = 100;
const TOKEN_PREFIX = 'transaction-token~';
const TOKEN_LIFE_MS = 10 * 60 * 1000;

// A condition check is a delete that is not carried out.
const ACTIONS = {
  Put: { run: 'PutItem', permission: 'PutItem' },
  Update: { run: 'UpdateItem', permission: 'UpdateItem' },
  Delete: { run: 'DeleteItem', permission: 'DeleteItem' },
  ConditionCheck: { run: 'DeleteItem', permission: 'ConditionCheckItem' },
} as const;

interface Action {
  kind: keyof typeof ACTIONS;
  input: Input;
}

interface CheckedAction extends Action {
  /** The input once validated. Numbers in normal form: 1 and 1.0 are the same key. */
  data: Record<string, unknown>;
}

/** A request that was carried out under a ClientRequestToken. */
interface UsedToken {
  /** Milliseconds since the epoch. */
  at: number;
  digest: string;
}

/**
 * TransactWriteItems is one commit, TransactGetItems reads between two.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
 */
export function transactionOperations(
  context: AwsContext,
  database: Database,
): Record<string, JsonOperation> {
  /** True where this very request was carried out before: its answer got lost. */
  function isRepeated(token: string, digest: string): boolean {
    const used = database.store.db.getSync(TOKEN_PREFIX + token) as UsedToken | undefined;
    if (!used || isExpired(used, context.clock.now())) return false;
    if (used.digest === digest) return true;
    throw new AwsError(
      'IdempotentParameterMismatchException',
      `ClientRequestToken ${token} came before with another request.`,
    );
  }

  return {
    TransactWriteItems: (input, { accessKeyId }) => {
      const items = transactItems(input);
      const actions = items.map(readAction);
      for (const { kind, input } of actions) {
        const arn = tableArn(context, requiredString(input, 'TableName'));
        context.authorize(accessKeyId, `dynamodb:${ACTIONS[kind].permission}`, arn);
      }
      const token = optionalString(input, 'ClientRequestToken');
      const digest = createHash('sha256').update(JSON.stringify(items)).digest('hex');
      return database.write(async (buffer) => {
        if (token !== undefined && isRepeated(token, digest)) return {};
        const checked = actions.map(({ kind, input }) => ({
          kind,
          input,
          data: validated(ACTIONS[kind].run, database.store, input),
        }));
        checkItemsDiffer(database, checked);
        await runAll(buffer, checked);
        if (token !== undefined) {
          buffer.put(TOKEN_PREFIX + token, { at: context.clock.now(), digest });
        }
        return {};
      });
    },

    TransactGetItems: async (input, { accessKeyId }) => {
      const gets = transactItems(input).map((item) => {
        if (isJsonObject(item['Get'])) return item['Get'];
        throw validationError(`TransactItems must be Gets; one is ${JSON.stringify(item)}`);
      });
      for (const get of gets) {
        const arn = tableArn(context, requiredString(get, 'TableName'));
        context.authorize(accessKeyId, 'dynamodb:GetItem', arn);
      }
      return database.whileStill(async () => {
        const Responses: object[] = [];
        for (const get of gets) Responses.push(await runAction('GetItem', database.store, get));
        return { Responses };
      });
    },
  };
}

/** Lets go of the ClientRequestTokens that no longer count. */
export async function forgetTokens(context: AwsContext, database: Database): Promise<void> {
  const tokens = (await database.below(TOKEN_PREFIX)) as [string, UsedToken][];
  await database.write((buffer) => {
    for (const [key, used] of tokens) {
      if (isExpired(used, context.clock.now())) buffer.delete(key);
    }
    return Promise.resolve();
  });
}

function isExpired({ at }: UsedToken, now: number): boolean {
  return at <= now - TOKEN_LIFE_MS;
}

function transactItems(input: Input): Input[] {
  const items = requiredObjects(input, 'TransactItems');
  if (items.length <= MOST_ACTIONS) return items;
  throw validationError(
    `TransactItems has ${items.length} members; Member must have length less than or equal to ` +
      String(MOST_ACTIONS),
  );
}

function readAction(item: Input): Action {
  const [[kind, input] = [], ...others] = Object.entries(item);
  if (
    kind === undefined ||
    !Object.hasOwn(ACTIONS, kind) ||
    !isJsonObject(input) ||
    others.length > 0
  ) {
    throw validationError(
      `Each of TransactItems must be one of ${Object.keys(ACTIONS).join(', ')}; ` +
        `one is ${JSON.stringify(item)}`,
    );
  }
  if (kind === 'ConditionCheck' && typeof input['ConditionExpression'] !== 'string') {
    throw validationError('A ConditionCheck must have a ConditionExpression.');
  }
  return { kind: kind as Action['kind'], input };
}

function checkItemsDiffer(database: Database, actions: readonly CheckedAction[]): void {
  const seen = new Set<string>();
  for (const { input, data } of actions) {
    const table = database.table(requiredString(input, 'TableName'));
    const key = JSON.stringify([
      table.TableName,
      keyOf(table, (data['Item'] ?? data['Key']) as Item),
    ]);
    if (seen.has(key)) {
      throw validationError('Transaction request cannot include multiple operations on one item');
    }
    seen.add(key);
  }
}

/** Runs all into the buffer. Throws TransactionCanceledException where one of them is refused. */
async function runAll(buffer: WriteBuffer, actions: readonly CheckedAction[]): Promise<void> {
  const reasons: { Code: string; Message?: string; Item?: unknown }[] = [];
  for (const { kind, input, data } of actions) {
    const into = kind === 'ConditionCheck' ? bufferWrites(buffer.store) : buffer;
    try {
      await runWrite(ACTIONS[kind].run, into, input, data);
      reasons.push({ Code: 'None' });
    } catch (error) {
      const code = error instanceof AwsError ? CANCELLATION_CODES[error.code] : undefined;
      if (code === undefined) throw error;
      const { message, details } = error as AwsError;
      reasons.push({ Code: code, Message: message, ...details });
    }
  }
  const codes = reasons.map(({ Code }) => Code);
  if (codes.every((code) => code === 'None')) return;
  throw errorWith(
    'TransactionCanceledException',
    'Transaction cancelled, please refer cancellation reasons for specific reasons ' +
      `[${codes.join(', ')}]`,
    { CancellationReasons: reasons },
  );
}

const CANCELLATION_CODES: Record<string, string> = {
  ConditionalCheckFailedException: 'ConditionalCheckFailed',
  ValidationException: 'ValidationError',
};
