import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { tables } from '@saleslake/shared/tables/index';
import { bucketNames } from '../local-names';
import { formatResult, type Format } from '../sql/format-result';
import { openLake } from '../sql/lake-session';
import { runQuery } from '../sql/query-result';
import type { Project } from './project';
import { answer } from './terminal';

/**
 * `saleslake sql`: one statement, given as text or as the path of a `.sql` file, over the lake's
 * files. Needs no running local AWS.
 * @throws SaleslakeError where the file is not there or the statement is wrong.
 */
export async function sql(project: Project, query: string, format: Format): Promise<void> {
  answer(formatResult(await queryLake(project, statementOf(query)), format));
}

/** Runs one statement over the lake of the project's local AWS. */
export async function queryLake(project: Project, statement: string) {
  const lake = await openLake(join(project.stateDir, 's3', bucketNames().curated), tables);
  try {
    return await runQuery(lake.connection, statement);
  } catch (error) {
    throw new SaleslakeError('SqlError', (error as Error).message, { cause: error });
  } finally {
    lake.close();
  }
}

function statementOf(query: string): string {
  if (!query.endsWith('.sql')) return query;
  if (!existsSync(query)) throw new SaleslakeError('NoSuchFile', `There is no file ${query}.`);
  return readFileSync(query, 'utf8');
}
