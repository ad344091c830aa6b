import type { TableContract } from '@saleslake/shared/contract/table-contract';
import type { FirehoseConnections } from './connections';
import { createDeserializer, type Deserialized } from './conversion/json-deserializer';
import { contractOfTable } from './conversion/table-contract';
import type { S3DestinationConfig } from './delivery-stream-config';

export type ConversionConfig = NonNullable<S3DestinationConfig['conversion']>;

/** How records become rows of a table. */
export interface Converter {
  contract: TableContract;
  deserialize: (data: Buffer) => Deserialized;
}

/** Why there are no rows: https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html */
export interface ConversionError {
  errorCode: string;
  errorMessage: string;
}

/**
 * By the table as the catalog has it now; an error where it has none of that name, or one with a
 * column or an option that the local AWS does not convert.
 */
export function openConverter(
  connections: Pick<FirehoseConnections, 'glueTable'>,
  { databaseName, tableName, deserializer }: ConversionConfig,
): Converter | ConversionError {
  const table = connections.glueTable(databaseName, tableName);
  if (!table) {
    return {
      errorCode: 'DataFormatConversion.EntityNotFound',
      errorMessage: `There is no table ${databaseName}.${tableName}.`,
    };
  }
  try {
    const contract = contractOfTable(table);
    return { contract, deserialize: createDeserializer(contract, deserializer) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { errorCode: 'DataFormatConversion.InvalidSchema', errorMessage: error.message };
  }
}
