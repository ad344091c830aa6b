import { mkdirSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { csvRow } from './csv';
import type { StatementResult } from './query-engine';
import { resultUri, type QueryExecution, type QueryResultInfo } from './query-execution';
import type { ResultFormat } from './query-execution';
import type { ResultObjects } from './result-objects';

const CONTENT_TYPES = { csv: 'application/octet-stream', text: 'text/plain' };

/**
 * Writes a statement's rows to where Athena keeps them: `<id>.csv` for those of a query, `<id>.txt`
 * for those of any other statement, one line a row; for a statement that wrote files itself, their
 * list as `<id>-manifest.csv`. The rows go by way of a file in `folder`, some at a time.
 * Rejects with what reading the rows or uploading them rejects with.
 */
export async function writeResult(
  execution: QueryExecution,
  result: StatementResult,
  objects: ResultObjects,
  folder: string,
  signal: AbortSignal,
): Promise<QueryResultInfo> {
  const { statementType, substatementType, columns, updateCount, writtenFiles } = result;
  const format = formatOf(result);
  const uri = resultUri(execution, format);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, execution.id);
  try {
    const rows = await writeRows(path, result, format, signal);
    if (format !== 'none') {
      const metadata = JSON.stringify({ columns });
      await objects.putText(`${uri}.metadata`, metadata, 'application/json');
      await objects.putFile(uri, path, CONTENT_TYPES[format]);
    }
    const manifest = writtenFiles && `${execution.outputLocation}${execution.id}-manifest.csv`;
    if (manifest !== undefined) {
      const list = writtenFiles?.map((file) => `${file}\n`).join('') ?? '';
      await objects.putText(manifest, list, CONTENT_TYPES.csv);
    }
    return { statementType, substatementType, columns, format, rows, updateCount, manifest };
  } finally {
    rmSync(path, { force: true });
  }
}

function formatOf({ statementType, updateCount, writtenFiles }: StatementResult): ResultFormat {
  if (updateCount !== undefined || writtenFiles !== undefined) return 'none';
  return statementType === 'DML' ? 'csv' : 'text';
}

/** Returns how many there are, without the header. */
async function writeRows(
  path: string,
  { columns, rows }: StatementResult,
  format: ResultFormat,
  signal: AbortSignal,
): Promise<number> {
  const file = await open(path, 'w');
  try {
    let written = 0;
    if (format === 'csv') await file.write(csvRow(columns.map(({ name }) => name)));
    for await (const some of rows) {
      signal.throwIfAborted();
      written += some.length;
      const text = some.map((row) => (format === 'csv' ? csvRow(row) : textRow(row))).join('');
      if (format !== 'none' && text !== '') await file.write(text);
    }
    return written;
  } finally {
    await file.close();
  }
}

function textRow(row: readonly (string | null)[]): string {
  return `${row.map((value) => value ?? '').join('\t')}\n`;
}
