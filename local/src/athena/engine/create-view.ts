import { QueryError, type StatementResult } from '../query-engine';
import { ddlResult } from './catalog-statements';
import { hiveType, trinoType } from './data-type';
import type { Running } from './running-statement';
import { namedColumns } from './result-columns';
import type { TokenReader } from './token-reader';
import { viewText } from './view-text';

/** CREATE [OR REPLACE] VIEW name AS query. https://docs.aws.amazon.com/athena/latest/ug/create-view.html */
export async function createView(
  running: Running,
  reader: TokenReader,
  isReplacing: boolean,
): Promise<StatementResult> {
  const { catalog } = running.options;
  const database = running.request.database.toLowerCase();
  const name = reader.tableName(database);
  if (reader.takes('COMMENT')) reader.string();
  if (reader.takes('SECURITY')) reader.word();
  reader.expect('AS');
  const sql = reader.rest();
  const query = await running.plan(sql);
  const columns = await namedColumns(running.connection, query);
  const before = catalog.table(name.database, name.table);
  if (before && before.viewOriginalText === undefined) {
    throw new QueryError(
      'TABLE_ALREADY_EXISTS',
      `TABLE_ALREADY_EXISTS: line 1:1: Table 'awsdatacatalog.${name.database}.${name.table}' already exists`,
    );
  }
  if (before && !isReplacing) {
    throw new QueryError(
      'TABLE_ALREADY_EXISTS',
      `TABLE_ALREADY_EXISTS: line 1:1: View already exists: awsdatacatalog.${name.database}.${name.table}`,
    );
  }
  const view = {
    databaseName: name.database,
    name: name.table,
    tableType: 'VIRTUAL_VIEW',
    parameters: { presto_view: 'true', comment: 'Presto View' },
    columns: columns.map((column) => ({ name: column.name, type: hiveType(column.type) })),
    partitionKeys: [],
    location: '',
    viewOriginalText: viewText({
      originalSql: sql.trim(),
      catalog: 'awsdatacatalog',
      schema: database,
      columns: columns.map((column) => ({ name: column.name, type: trinoType(column.type) })),
    }),
  };
  if (before) catalog.updateTable(view);
  else catalog.createTable(view);
  return ddlResult('CREATE_VIEW');
}
