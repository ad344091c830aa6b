import type { CatalogTable } from '../../glue/glue-catalog';
import { QueryError } from '../query-engine';

/** What Athena keeps of a view in the catalog. */
export interface ViewQuery {
  originalSql: string;
  catalog: string;
  /** The database that the view's unqualified names are in. */
  schema: string;
  columns: { name: string; type: string }[];
}

/** The text that the catalog keeps for a view. */
export function viewText(view: ViewQuery): string {
  return `/* Presto View: ${Buffer.from(JSON.stringify(view)).toString('base64')} */`;
}

/** @throws QueryError INVALID_VIEW where the text is none of Athena's. */
export function viewQuery(table: CatalogTable): ViewQuery {
  const encoded = /\/\*\s*Presto View:\s*(\S+)\s*\*\//.exec(table.viewOriginalText ?? '')?.[1];
  try {
    const view = JSON.parse(Buffer.from(encoded ?? '', 'base64').toString()) as ViewQuery;
    return { ...view, schema: view.schema || table.databaseName };
  } catch (cause) {
    throw new QueryError(
      'INVALID_VIEW',
      `INVALID_VIEW: the text of the view ${table.databaseName}.${table.name} is no Presto view: ${(cause as Error).message}`,
    );
  }
}
