import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseQueryFile, type QueryFile } from '@saleslake/shared/catalog/query-file';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { parameterLiterals } from '../query/parameter-literal';
import type { QueryTarget } from '../query/query-target';
import { resultTable } from '../query/result-table';
import { runQuery, type QueryOutcome } from '../query/run-query';
import { formatTable } from '../query/format-result';
import type { Project } from './project';
import { answer, colours, formatCount, plural, step } from './terminal';
import { withQueryTarget } from './with-query-target';

const AT_ONCE = 4;
const SHOWN_VIOLATIONS = 5;

interface Verdict {
  check: QueryFile;
  /** What violates the check, or why it could not be run. */
  result: QueryOutcome | SaleslakeError;
}

/**
 * `saleslake quality`: each query of sql/quality, which returns the rows that violate it.
 * Returns whether all passed; a check that cannot be run has not.
 */
export async function quality(project: Project, stage: string): Promise<boolean> {
  const checks = readChecks(join(project.root, 'sql', 'quality'));
  return withQueryTarget(project, stage, async (target) => {
    const checking = step('Check the quality');
    const verdicts: Verdict[] = [];
    const waiting = [...checks];
    const work = async (): Promise<void> => {
      for (let check = waiting.shift(); check; check = waiting.shift()) {
        verdicts.push({ check, result: await run(target, check) });
        checking.update(`${verdicts.length} of ${checks.length}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    verdicts.sort((a, b) => (a.check.name < b.check.name ? -1 : 1));
    const failed = verdicts.filter((verdict) => !passed(verdict));
    checking.done(`${plural(checks.length, 'check')}, ${failed.length} failed`);
    answer(summary(verdicts));
    for (const verdict of failed) answer(details(verdict));
    return failed.length === 0;
  });
}

function readChecks(folder: string): QueryFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .map((name) => parseQueryFile(name, readFileSync(join(folder, name), 'utf8')));
}

async function run(target: QueryTarget, check: QueryFile): Promise<Verdict['result']> {
  try {
    const parameters = parameterLiterals(check.parameters, new Map());
    return await runQuery(target, check.sql, { parameters });
  } catch (error) {
    if (error instanceof SaleslakeError) return error;
    throw error;
  }
}

function passed({ result }: Verdict): boolean {
  return !(result instanceof SaleslakeError) && result.rows.length === 0;
}

function summary(verdicts: Verdict[]): string {
  return formatTable({
    columns: ['check', 'verdict', 'violations', 'asks'].map((name) => ({
      name,
      numeric: name === 'violations',
    })),
    rows: verdicts.map((verdict) => [
      verdict.check.name,
      passed(verdict) ? 'pass' : 'FAIL',
      verdict.result instanceof SaleslakeError ? 'error' : formatCount(verdict.result.rows.length),
      verdict.check.question,
    ]),
  });
}

function details({ check, result }: Verdict): string {
  const title = `\n${colours.red(check.name)}\n`;
  if (result instanceof SaleslakeError) return `${title}${result.message}\n`;
  const { columns, rows } = resultTable(result);
  const more = rows.length - SHOWN_VIOLATIONS;
  const rest =
    more > 0 ? `and ${formatCount(more)} more: saleslake sql sql/quality/${check.name}.sql\n` : '';
  return title + formatTable({ columns, rows: rows.slice(0, SHOWN_VIOLATIONS) }) + rest;
}
