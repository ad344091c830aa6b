import batchGetItem from 'dynalite/actions/batchGetItem';
import batchWriteItem from 'dynalite/actions/batchWriteItem';
import createTable from 'dynalite/actions/createTable';
import deleteItem from 'dynalite/actions/deleteItem';
import describeTimeToLive from 'dynalite/actions/describeTimeToLive';
import getItem from 'dynalite/actions/getItem';
import putItem from 'dynalite/actions/putItem';
import query from 'dynalite/actions/query';
import scan from 'dynalite/actions/scan';
import updateItem from 'dynalite/actions/updateItem';
import type { Store } from 'dynalite/db';
import { checkTypes, checkValidations } from 'dynalite/validations';
import * as batchGetItemInput from 'dynalite/validations/batchGetItem';
import * as batchWriteItemInput from 'dynalite/validations/batchWriteItem';
import * as createTableInput from 'dynalite/validations/createTable';
import * as deleteItemInput from 'dynalite/validations/deleteItem';
import * as describeTimeToLiveInput from 'dynalite/validations/describeTimeToLive';
import * as getItemInput from 'dynalite/validations/getItem';
import * as putItemInput from 'dynalite/validations/putItem';
import * as queryInput from 'dynalite/validations/query';
import * as scanInput from 'dynalite/validations/scan';
import * as updateItemInput from 'dynalite/validations/updateItem';
import { AwsError } from '../core/aws-error';

const ACTIONS = {
  BatchGetItem: { action: batchGetItem, input: batchGetItemInput },
  BatchWriteItem: { action: batchWriteItem, input: batchWriteItemInput },
  CreateTable: { action: createTable, input: createTableInput },
  DeleteItem: { action: deleteItem, input: deleteItemInput },
  DescribeTimeToLive: { action: describeTimeToLive, input: describeTimeToLiveInput },
  GetItem: { action: getItem, input: getItemInput },
  PutItem: { action: putItem, input: putItemInput },
  Query: { action: query, input: queryInput },
  Scan: { action: scan, input: scanInput },
  UpdateItem: { action: updateItem, input: updateItemInput },
};

export type ActionName = keyof typeof ACTIONS;

/**
 * Runs one of dynalite's operations on a store. Throws an AwsError for what DynamoDB refuses.
 * dynalite's own HTTP server is left out: in one process, a second one would only cost time.
 */
export async function runAction(name: ActionName, store: Store, input: object): Promise<object> {
  return await runValidated(name, store, validated(name, store, input));
}

/** The same of an input that `validated` has returned, which is used up by it. */
export function runValidated(name: ActionName, store: Store, data: object): Promise<object> {
  return new Promise((resolve, reject) => {
    ACTIONS[name].action(store, data, (error, output) => {
      if (error) reject(asAwsError(error));
      else resolve(output ?? {});
    });
  });
}

/** The input with numbers in normal form, its expressions parsed. Throws ValidationException. */
export function validated(name: ActionName, store: Store, input: object): Record<string, unknown> {
  const { types, custom } = ACTIONS[name].input;
  try {
    // dynalite takes away what it does not know from what it is given.
    const data = checkTypes({ ...input }, types);
    checkValidations(data, types, custom, store);
    return data;
  } catch (error) {
    throw asAwsError(error);
  }
}

/** dynalite's errors carry the answer's body. */
function asAwsError(error: unknown): Error {
  const { statusCode, body } = error as {
    statusCode?: number;
    body?: { __type: string; message?: string; Message?: string };
  };
  if (body === undefined) return error instanceof Error ? error : new Error(String(error));
  const code = body.__type.slice(body.__type.indexOf('#') + 1);
  return new AwsError(code, body.message ?? body.Message ?? code, statusCode);
}
