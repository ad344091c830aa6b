import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { completionsOf } from '../query/completion';
import { describeTable, listTables } from '../query/list-tables';
import type { QueryTarget } from '../query/query-target';
import { resultTable } from '../query/result-table';
import { formatResult } from '../query/format-result';
import { ask } from './ask';
import { columnsTable, tablesTable } from './tables';
import { answer, remark } from './terminal';

const PROMPT = 'saleslake> ';
const CONTINUED = '       ... ';
const HISTORY_FILE = join(homedir(), '.saleslake_history');
const HISTORY_SIZE = 1000;

const HELP = `A statement ends with a semicolon. Tab completes tables, columns and keywords.
  .tables            tables and views
  .describe <table>  its columns
  .exit              end, as does Ctrl-D
Ctrl-C cancels the query that runs, or drops what was typed so far.
`;

/**
 * `saleslake sql` without a statement: reads statements until the end of the input, runs each and
 * goes on after one that failed. Where the input is no terminal the first that fails ends it.
 * @throws SaleslakeError of that one.
 */
export async function sqlPrompt(target: QueryTarget): Promise<void> {
  const interactive = Boolean(process.stdin.isTTY);
  const tables = interactive ? await listTables(target) : [];
  const prompt = createInterface({
    input: process.stdin,
    output: interactive ? process.stdout : undefined,
    completer: (line: string) => completionsOf(line, tables),
    history: readHistory(),
    historySize: HISTORY_SIZE,
    removeHistoryDuplicates: true,
  });
  let typed = '';
  let running = false;
  const ready = (): void => {
    prompt.setPrompt(typed === '' ? PROMPT : CONTINUED);
    if (interactive) prompt.prompt();
  };
  // A terminal in raw mode hands Ctrl-C to readline, not to the process.
  prompt.on('SIGINT', () => {
    if (running) process.emit('SIGINT');
    else {
      typed = '';
      answer('\n');
      ready();
    }
  });
  if (interactive) {
    prompt.on('history', writeHistory);
    remark(`Database ${target.database}. .help shows what there is.`);
  }
  ready();
  try {
    for await (const line of prompt) {
      typed = typed === '' ? line.trim() : `${typed}\n${line}`;
      if (typed === '.exit') break;
      if (isComplete(typed)) {
        running = true;
        await run(target, typed).catch((error: unknown) => {
          if (!interactive || !(error instanceof SaleslakeError)) throw error;
          remark(error.message);
        });
        running = false;
        typed = '';
      }
      ready();
    }
    if (!interactive && typed !== '') await run(target, typed);
  } finally {
    prompt.close();
  }
}

async function run(target: QueryTarget, typed: string): Promise<void> {
  const [command = '', name] = typed.split(/\s+/);
  if (typed === '') return;
  else if (command === '.help') answer(HELP);
  else if (command === '.tables') answer(tablesTable(await listTables(target)));
  else if (command === '.describe' && name) answer(columnsTable(await describeTable(target, name)));
  else if (command.startsWith('.')) {
    throw new SaleslakeError('UnknownCommand', `There is no ${typed}. .help shows what there is.`);
  } else {
    const outcome = await ask(target, typed.replace(/;\s*$/, ''), {});
    answer(formatResult(resultTable(outcome), 'table'));
  }
}

/** A command is one line; a statement goes on to a semicolon that is not within a string. */
function isComplete(typed: string): boolean {
  if (typed === '' || typed.startsWith('.')) return true;
  const outsideOfStrings = typed.replace(/'[^']*'/g, '').replace(/--.*$/gm, '');
  return outsideOfStrings.trimEnd().endsWith(';') && !outsideOfStrings.includes("'");
}

/** Newest first, as readline keeps it. */
function readHistory(): string[] {
  if (!existsSync(HISTORY_FILE)) return [];
  return readFileSync(HISTORY_FILE, 'utf8').split('\n').filter(Boolean);
}

function writeHistory(lines: string[]): void {
  writeFileSync(HISTORY_FILE, `${lines.join('\n')}\n`, { mode: 0o600 });
}
