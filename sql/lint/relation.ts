import type { QueryFile } from '@saleslake/shared/catalog/query-file';
import { sqlType, type ColumnType } from '@saleslake/shared/contract/column';
import { columnEntries, type TableContract } from '@saleslake/shared/contract/table-contract';

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

export function tableRelation(contract: TableContract): Relation {
  return new Map(
    [...columnEntries(contract), ...Object.entries(contract.partitionColumns)].map(
      ([name, { type }]) => [name, trinoType(type)],
    ),
  );
}

/** The tables of the contracts and the views of the files. */
export function catalogOf(
  tables: readonly TableContract[],
  views: readonly Pick<QueryFile, 'name' | 'columns'>[],
): Catalog {
  return new Map<string, Relation>([
    ...tables.map((table): [string, Relation] => [table.name, tableRelation(table)]),
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
