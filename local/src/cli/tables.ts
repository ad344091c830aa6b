import { describeTable, listTables, type TableDescription } from '../query/list-tables';
import { formatTable } from '../query/format-result';
import type { Project } from './project';
import { answer } from './terminal';
import { withQueryTarget } from './with-query-target';

/** `saleslake tables`: the tables and views of a stage. */
export async function tables(project: Project, stage: string): Promise<void> {
  answer(tablesTable(await withQueryTarget(project, stage, listTables)));
}

/** `saleslake describe`: the columns of a table or view. */
export async function describe(project: Project, stage: string, name: string): Promise<void> {
  const table = await withQueryTarget(project, stage, (target) => describeTable(target, name));
  answer(columnsTable(table));
}

export function tablesTable(tables: readonly TableDescription[]): string {
  return formatTable({
    columns: ['table', 'kind', 'columns', 'about'].map((name) => ({
      name,
      numeric: name === 'columns',
    })),
    rows: tables.map(({ name, kind, columns, comment }) => [
      name,
      kind,
      String(columns.length),
      comment,
    ]),
  });
}

/** What the table is about, and its columns. */
export function columnsTable({ comment, columns }: TableDescription): string {
  const table = formatTable({
    columns: ['column', 'type', 'about'].map((name) => ({ name, numeric: false })),
    rows: columns.map(({ name, type, partition, comment }) => [
      name,
      type,
      comment || (partition ? 'Partition.' : ''),
    ]),
  });
  return comment === '' ? table : `${comment}\n\n${table}`;
}
