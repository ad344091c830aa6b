import {
  GetTableMetadataCommand,
  paginateListTableMetadata,
  type TableMetadata,
} from '@aws-sdk/client-athena';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import type { QueryTarget } from './query-target';

const CatalogName = 'AwsDataCatalog';

/** A table or view as the catalog describes it. */
export interface TableDescription {
  name: string;
  kind: 'table' | 'view';
  comment: string;
  columns: { name: string; type: string; comment: string; partition: boolean }[];
}

/** Every table and view of the stage's database, by name. */
export async function listTables(target: QueryTarget): Promise<TableDescription[]> {
  const { athena: client, database: DatabaseName } = target;
  const found: TableDescription[] = [];
  const pages = paginateListTableMetadata({ client }, { CatalogName, DatabaseName });
  for await (const { TableMetadataList = [] } of pages) {
    for (const table of TableMetadataList) found.push(describe(table));
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @throws SaleslakeError where there is no such table, naming those that there are. */
export async function describeTable(target: QueryTarget, name: string): Promise<TableDescription> {
  const { athena, database: DatabaseName } = target;
  try {
    const { TableMetadata = { Name: name } } = await athena.send(
      new GetTableMetadataCommand({ CatalogName, DatabaseName, TableName: name }),
    );
    return describe(TableMetadata);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'MetadataException') throw error;
    const names = (await listTables(target)).map((table) => table.name).join(', ');
    throw new SaleslakeError('NoSuchTable', `There is no table ${name}; there are: ${names}.`);
  }
}

function describe(table: TableMetadata): TableDescription {
  const columns = (list: TableMetadata['Columns'], partition: boolean) =>
    (list ?? []).map(({ Name = '', Type = '', Comment = '' }) => ({
      name: Name,
      type: Type,
      comment: Comment,
      partition,
    }));
  return {
    name: table.Name ?? '',
    kind: table.TableType === 'VIRTUAL_VIEW' ? 'view' : 'table',
    comment: table.Parameters?.['comment'] ?? '',
    columns: [...columns(table.Columns, false), ...columns(table.PartitionKeys, true)],
  };
}
