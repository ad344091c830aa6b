import { Command, InvalidArgumentError, Option } from 'commander';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { commands } from './cli/commands';
import type { ConvertOptions } from './cli/convert';
import type { DemoOptions } from './cli/demo';
import { findProject } from './cli/project';
import type { SqlOptions } from './cli/sql';
import type { StartOptions } from './cli/start';
import { remark } from './cli/terminal';
import { DEFAULT_PORT, LOCAL_STAGE } from './local-names';
import { FORMATS } from './query/format-result';

const program = new Command('saleslake')
  .description('A sales data lake that runs the same on a laptop and in AWS.')
  .showHelpAfterError('(saleslake --help shows what there is)');

program
  .command('demo')
  .description('run the whole pipeline once from an empty local state, and prove its result')
  .option('--transactions <n>', 'how many to backfill', atLeast(1), 10_000)
  .option('--days <n>', 'over how many days up to today', atLeast(1), 90)
  .option('--order-changes <n>', 'how many changes of orders', atLeast(1), 3000)
  .option('--seed <text>', 'the same seed gives the same data', 'demo')
  .action((options: DemoOptions) => commands.demo().demo(findProject(), options));

program
  .command('start')
  .description('run the local AWS until stopped, the generator ticking')
  .option('--port <n>', 'where it listens', atLeast(0), DEFAULT_PORT)
  .option('--speed <n>', 'how many times as fast as the wall clock schedules run', atLeast(1), 1)
  .option('--verbose', 'also a line for each request', false)
  .option('--faults <file>', 'what is to go wrong: a plan, or the log of what has')
  .action((options: StartOptions) => commands.start().start(findProject(), options));

const stage = new Option('--stage <stage>', "whose lake: the laptop's, or a stage in AWS").default(
  LOCAL_STAGE,
);

program
  .command('sql')
  .description('ask the lake: one statement, a .sql file, or a prompt')
  .argument('[query]', 'a statement, or the path of a .sql file; a prompt where there is none')
  .addOption(stage)
  .addOption(
    new Option('--format <format>', 'how to print')
      .choices([...FORMATS, 'parquet'])
      .default('table'),
  )
  .option('--output <file>', 'where to, instead of standard output')
  .option('--param <name=value>', "a parameter of the file's; may be repeated", keyValue, new Map())
  .option('--explain', 'show the plan, read nothing', false)
  .action((query: string | undefined, options: SqlOptions) =>
    commands.sql().sql(findProject(), query, options),
  );

program
  .command('tables')
  .description('list tables and views')
  .addOption(stage)
  .action((options: { stage: string }) => commands.tables().tables(findProject(), options.stage));

program
  .command('describe')
  .description('show the columns of a table or view')
  .argument('<table>')
  .addOption(stage)
  .action((table: string, options: { stage: string }) =>
    commands.tables().describe(findProject(), options.stage, table),
  );

program
  .command('quality')
  .description('run every check of sql/quality')
  .addOption(stage)
  .addHelpText('after', '\nEnds with 1 where a check finds a violation.')
  .action(async (options: { stage: string }) => {
    if (!(await commands.quality().quality(findProject(), options.stage))) process.exitCode = 1;
  });

program
  .command('put')
  .description('put a file of JSON lines into the raw zone, and see what becomes of it')
  .argument('<file>', '.json, .ndjson or .jsonl, each also with .gz')
  .requiredOption('--table <name>', 'the table that its records are for')
  .option('--timeout <seconds>', 'how long to wait', atLeast(1), 120)
  .addHelpText('after', '\nEnds with 1 where a record was quarantined.')
  .action(async (file: string, { table, timeout }: { table: string; timeout: number }) => {
    const allGood = await commands
      .put()
      .put(findProject(), file, { table, timeoutSeconds: timeout });
    if (!allGood) process.exitCode = 1;
  });

program
  .command('convert')
  .description('convert a file of JSON to one Parquet file of a table; needs no lake')
  .argument(
    '<input>',
    'JSON lines, concatenated objects or an array, gzipped or not; - reads standard input',
  )
  .argument('<output>', 'the Parquet file')
  .requiredOption('--table <name>', 'the table whose contract the records are held against')
  .addOption(new Option('--writer <writer>').choices(['fast', 'arrow']).default('fast'))
  .addOption(
    new Option('--codec <codec>').choices(['snappy', 'zstd', 'uncompressed']).default('snappy'),
  )
  .option('--rejects <file>', 'where records that cannot be used go, with the reasons')
  .addHelpText('after', '\nEnds with 1 where a record was rejected.')
  .action(async (input: string, output: string, options: ConvertOptions) => {
    if (!(await commands.convert().convert(input, output, options))) process.exitCode = 1;
  });

program
  .command('status')
  .description('show what zones, queues and streams hold, and what failed last')
  .action(() => commands.status().status(findProject()));

program
  .command('flush')
  .description('have Firehose of the running local AWS deliver what it buffers, not wait')
  .action(() => commands.flush().flush());

program.parseAsync().catch((error: unknown) => {
  // What saleslake throws on purpose says all there is to say; anything else is a fault of ours.
  if (error instanceof SaleslakeError) remark(`saleslake: ${error.message}`);
  else remark(error instanceof Error ? (error.stack ?? error.message) : String(error));
  // As a shell tells that Ctrl-C ended a command.
  process.exitCode = error instanceof SaleslakeError && error.code === 'QueryCancelled' ? 130 : 1;
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

/** Collects `name=value`. */
function keyValue(text: string, collected: Map<string, string>): Map<string, string> {
  const at = text.indexOf('=');
  if (at <= 0) throw new InvalidArgumentError('Expected name=value.');
  return collected.set(text.slice(0, at), text.slice(at + 1));
}
