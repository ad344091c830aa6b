import type { AwsContext } from '../core/aws-context';
import type { ServiceHandler } from '../core/aws-request';
import { jsonProtocol } from '../core/json-protocol';
import { openDatabase } from './database';
import { itemOperations } from './item-operations';
import { streamOperations } from './stream-operations';
import type { DynamoDbTableConfig } from './table-config';
import { tableOperations } from './table-operations';
import type { TableStream } from './table-stream';
import { ensureTable } from './tables';
import { forgetTokens, transactionOperations } from './transactions';

export type { DynamoDbTableConfig, StreamViewType } from './table-config';
export type { StreamRecord, TableStream } from './table-stream';

export interface DynamoDb {
  /** AWS JSON 1.0, `DynamoDB_20120810.*` and `DynamoDBStreams_20120810.*`. */
  handler: ServiceHandler;
  /**
   * Makes a table, or takes over what changed in the configuration of the one there is; its items
   * stay. Throws ValidationException, and ResourceInUseException where its key is another.
   */
  createTable(config: DynamoDbTableConfig): Promise<void>;
  /** Throws ResourceNotFoundException. */
  stream(streamArn: string): TableStream;
  /** Every table, by name. */
  tables(): { name: string; arn: string; streamArn?: string }[];
  /** Lets what runs end, and lets go of the files. */
  close(): Promise<void>;
}

/**
 * Opens DynamoDB over `<stateDir>/dynamodb` and `<stateDir>/dynamodb-streams`, with the tables and
 * streams that are there. Throws where another process has them open.
 */
export async function openDynamoDb(context: AwsContext): Promise<DynamoDb> {
  const database = await openDatabase(context);
  await forgetTokens(context, database);
  return {
    handler: jsonProtocol('1.0', {
      ...itemOperations(context, database),
      ...transactionOperations(context, database),
      ...tableOperations(context, database),
      ...streamOperations(context, database),
    }),
    createTable: (config) => ensureTable(context, database, config),
    stream: (arn) => database.streams.get(arn),
    tables: () =>
      database.tables().map(({ TableName, TableArn, LatestStreamArn }) => ({
        name: TableName,
        arn: TableArn,
        ...(LatestStreamArn && { streamArn: LatestStreamArn }),
      })),
    close: () => database.close(),
  };
}
