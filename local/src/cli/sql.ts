import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseQueryFile } from '@saleslake/shared/catalog/query-file';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { parameterLiterals } from '../query/parameter-literal';
import { resultTable } from '../query/result-table';
import { writeParquet } from '../query/write-parquet';
import { formatResult, type Format } from '../query/format-result';
import { ask } from './ask';
import type { Project } from './project';
import { sqlPrompt } from './sql-prompt';
import { answer } from './terminal';
import { withQueryTarget } from './with-query-target';

export interface SqlOptions {
  stage: string;
  format: Format | 'parquet';
  /** Values of a query file's parameters, by name. */
  param: ReadonlyMap<string, string>;
  /** The plan instead of the result. */
  explain: boolean;
  /** A file for the result, where it is not standard output. */
  output?: string;
}

/**
 * `saleslake sql`: one statement, given as text or as the path of a `.sql` file, or a prompt where
 * none is given. Runs by Athena's API, on a laptop and in AWS.
 * @throws SaleslakeError where the file is not there or the statement is wrong.
 */
export async function sql(
  project: Project,
  query: string | undefined,
  options: SqlOptions,
): Promise<void> {
  const { stage, format, output, explain } = options;
  if (query === undefined) {
    return withQueryTarget(project, stage, sqlPrompt);
  }
  if (format === 'parquet' && output === undefined) {
    throw new SaleslakeError('NoOutput', 'A Parquet file needs a place: --output <file>.');
  }
  const statement = statementOf(query, options.param);
  const text = explain ? `EXPLAIN ${statement.sql}` : statement.sql;
  await withQueryTarget(project, stage, async (target) => {
    const { parameters } = statement;
    const outcome = await ask(target, text, { parameters });
    if (explain) answer(outcome.rows.map(([line]) => `${line ?? ''}\n`).join(''));
    else if (format === 'parquet') await writeParquet(target, outcome, output ?? '');
    else {
      const shown = formatResult(resultTable(outcome), format);
      if (output === undefined) answer(shown);
      else writeFileSync(output, shown);
    }
  });
}

/** The text to run, and the literals of its parameters. A file's header says what they are. */
function statementOf(
  query: string,
  given: ReadonlyMap<string, string>,
): { sql: string; parameters: string[] } {
  if (!query.endsWith('.sql')) return { sql: query, parameters: parameterLiterals([], given) };
  if (!existsSync(query)) throw new SaleslakeError('NoSuchFile', `There is no file ${query}.`);
  const text = readFileSync(query, 'utf8');
  // A file of one's own needs no header.
  if (!/^--/.test(text)) return { sql: text, parameters: parameterLiterals([], given) };
  const file = parseQueryFile(basename(query), text);
  return { sql: file.sql, parameters: parameterLiterals(file.parameters, given) };
}
