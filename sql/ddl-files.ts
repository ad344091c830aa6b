import { athenaDdl } from '@saleslake/shared/catalog/athena-ddl';
import { rawTableName } from '@saleslake/shared/catalog/raw-table';
import { tables } from '@saleslake/shared/tables/index';
import { transactions } from '@saleslake/shared/tables/transactions';
import { rawTableDdl } from './raw-ddl';

/**
 * What sql/ddl holds, by file name. `<curated-bucket>` and `<raw-bucket>` stand where the buckets
 * of a stage go.
 */
export function ddlFiles(): Map<string, string> {
  const curated = tables.map((contract): [string, string] => [
    `${contract.name}.sql`,
    athenaDdl(contract, `s3://<curated-bucket>/processed/${contract.name}/`),
  ]);
  const raw = (['json', 'csv'] as const).map((format): [string, string] => [
    `${rawTableName(transactions, format)}.sql`,
    rawTableDdl(transactions, format),
  ]);
  return new Map([...curated, ...raw]);
}
