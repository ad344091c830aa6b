import { rawTable, rawTableName } from '@saleslake/shared/catalog/raw-table';
import type { QueryFile } from '@saleslake/shared/catalog/query-file';
import { sqlType, type ColumnType } from '@saleslake/shared/contract/column';
import { columnEntries, type TableContract } from '@saleslake/shared/contract/table-contract';
import { transactions } from '@saleslake/shared/tables/transactions';

/**
 * What is known of a type without running anything: Trino's name without precision, `null` for
 * NULL, or undefined where a text does not tell.
 */
export type StaticType = string | undefined;

/** A table, view, WITH query or subquery: its columns in order, with their types. */
export type Relation = ReadonlyMap<string, StaticType>;

/** The relations that unqualified names stand for, by name. */
export type Catalog = ReadonlyMap<string, Relation>;

/** Trino's name of a type of a contract. */
function trinoType(type: ColumnType): string {
  const hive = sqlType(type);
  const renamed: Record<string, string> = { string: 'varchar', int: 'integer' };
  return renamed[hive] ?? withoutParameters(hive);
}

export function withoutParameters(type: string): string {
  return type.replace(/\(.*\)$/, '').trim();
}

/** Of a table's files: https://docs.aws.amazon.com/athena/latest/ug/querying-hidden-columns.html */
const HIDDEN_COLUMNS: [string, StaticType][] = [
  ['$path', 'varchar'],
  ['$file_size', 'bigint'],
  ['$file_modified_time', 'timestamp with time zone'],
];

export function tableRelation(contract: TableContract): Relation {
  return new Map([
    ...[...columnEntries(contract), ...Object.entries(contract.partitionColumns)].map(
      ([name, { type }]): [string, StaticType] => [name, trinoType(type)],
    ),
    ...HIDDEN_COLUMNS,
  ]);
}

/** A contract's JSON lines as they came in: text. */
function rawRelation(contract: TableContract): Relation {
  const { columns, partitionKeys } = rawTable(contract, 'json', '');
  return new Map([
    ...[...columns, ...partitionKeys].map(({ name }): [string, StaticType] => [name, 'varchar']),
    ...HIDDEN_COLUMNS,
  ]);
}

/** The tables of the contracts, what came in for them, and the views of the files. */
export function catalogOf(
  tables: readonly TableContract[],
  views: readonly Pick<QueryFile, 'name' | 'columns'>[],
): Catalog {
  return new Map<string, Relation>([
    ...tables.map((table): [string, Relation] => [table.name, tableRelation(table)]),
    ...tables
      .filter(({ name }) => name === transactions.name)
      .map((table): [string, Relation] => [rawTableName(table, 'json'), rawRelation(table)]),
    ...views.map(({ name, columns }): [string, Relation] => [
      viewName(name),
      new Map(columns.map((column) => [column.name, withoutParameters(column.type)])),
    ]),
  ]);
}

/** The view that sql/views/<file>.sql creates. */
export function viewName(file: string): string {
  return file.replaceAll('-', '_');
}
