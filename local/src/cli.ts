import { Command, InvalidArgumentError, Option } from 'commander';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { demo } from './cli/demo';
import { findProject } from './cli/project';
import { put } from './cli/put';
import { sql } from './cli/sql';
import { start } from './cli/start';
import { status } from './cli/status';
import { remark } from './cli/terminal';
import { DEFAULT_PORT } from './local-names';
import { FORMATS, type Format } from './sql/format-result';

const program = new Command('saleslake')
  .description('A sales data lake that runs the same on a laptop and in AWS.')
  .showHelpAfterError('(saleslake --help shows what there is)');

program
  .command('demo')
  .description('run the whole pipeline once from an empty local state, and prove its result')
  .option('--transactions <n>', 'how many to backfill', atLeast(1), 10_000)
  .option('--days <n>', 'over how many days up to today', atLeast(1), 90)
  .option('--seed <text>', 'the same seed gives the same transactions', 'demo')
  .action((options: { transactions: number; days: number; seed: string }) =>
    demo(findProject(), { ...options, count: options.transactions }),
  );

program
  .command('start')
  .description('run the local AWS until stopped, the generator ticking')
  .option('--port <n>', 'where it listens', atLeast(0), DEFAULT_PORT)
  .option('--speed <n>', 'how many times as fast as the wall clock schedules run', atLeast(1), 1)
  .option('--verbose', 'also a line for each request', false)
  .action((options: { port: number; speed: number; verbose: boolean }) =>
    start(findProject(), options),
  );

program
  .command('sql')
  .description('ask the lake, with one statement or a .sql file')
  .argument('<query>', 'a statement, or the path of a .sql file')
  .addOption(new Option('--format <format>', 'how to print').choices(FORMATS).default('table'))
  .action((query: string, { format }: { format: Format }) => sql(findProject(), query, format));

program
  .command('put')
  .description('put a file of JSON lines into the raw zone, and see what becomes of it')
  .argument('<file>', '.json, .ndjson or .jsonl, each also with .gz')
  .requiredOption('--table <name>', 'the table that its records are for')
  .option('--timeout <seconds>', 'how long to wait', atLeast(1), 120)
  .addHelpText('after', '\nEnds with 1 where a record was quarantined.')
  .action(async (file: string, { table, timeout }: { table: string; timeout: number }) => {
    const allGood = await put(findProject(), file, { table, timeoutSeconds: timeout });
    if (!allGood) process.exitCode = 1;
  });

program
  .command('status')
  .description('show what zones and queues hold, and what failed last')
  .action(() => status(findProject()));

program.parseAsync().catch((error: unknown) => {
  // What saleslake throws on purpose says all there is to say; anything else is a fault of ours.
  if (error instanceof SaleslakeError) remark(`saleslake: ${error.message}`);
  else remark(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
});

/** A parser of whole numbers from `minimum`. */
function atLeast(minimum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < minimum) {
      throw new InvalidArgumentError(`Expected a whole number from ${minimum}.`);
    }
    return value;
  };
}
