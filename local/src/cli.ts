import { Command, InvalidArgumentError, Option } from 'commander';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { commands } from './cli/commands';
import type { ConvertOptions } from './cli/convert';
import type { DemoOptions } from './cli/demo';
import type { RedriveOptions } from './cli/dlq';
import type { MailOptions } from './cli/mail';
import { findProject } from './cli/project';
import type { ReplayQuarantineOptions } from './cli/quarantine';
import type { ReplayOptions } from './cli/replay';
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

const timeout = new Option(
  '--timeout <seconds>',
  'how long no object may be done before the wait ends',
)
  .argParser(atLeast(1))
  .default(300);

const quarantine = program
  .command('quarantine')
  .description('see records that could not be used, and try them again');

quarantine
  .command('list')
  .description("what is quarantined, by the transformer or by a table's delivery stream")
  .addOption(stage)
  .option('--table <name>', 'of one table')
  .option('--since <day>', 'put aside on that day or later: YYYY-MM-DD, UTC')
  .action((options: { stage: string; table?: string; since?: string }) =>
    commands.quarantine().list(findProject(), options),
  );

quarantine
  .command('show')
  .description('each record of an entry, with line, field, value and what was expected')
  .argument('<id>', 'as the list has it, or its first digits')
  .addOption(stage)
  .option('--full', 'all records, in full length', false)
  .option('--output <file>', "the records' own text, to be mended and put again")
  .action((id: string, options: { stage: string; full: boolean; output?: string }) =>
    commands.quarantine().show(findProject(), id, options),
  );

quarantine
  .command('replay')
  .description('try again what is quarantined, once its cause is mended')
  .argument('[ids...]', 'as the list has them, or their first digits')
  .addOption(stage)
  .option('--table <name>', 'all of one table')
  .option('--all', 'all there is', false)
  .option('--no-wait', 'return once all is under way')
  .addOption(timeout)
  .addHelpText(
    'after',
    `
A raw object is transformed again as a whole, and what it wrote is replaced: no row is ever double.
Records that Firehose put aside are put again on their stream; the object that holds them moves to
firehose-errors-replayed/ once all are accepted. Stopped in between, some are put twice, as Firehose
itself may deliver twice: the views of orders take each change once, transactions may be double.

Ends with 1 where something is still quarantined, or could not be tried.`,
  )
  .action(async (ids: string[], options: ReplayQuarantineOptions) => {
    if (!(await commands.quarantine().replay(findProject(), ids, options))) process.exitCode = 1;
  });

const dlq = program
  .command('dlq')
  .description('see messages that failed for good, and try them again');

dlq
  .command('list')
  .description('dead-letter and failure queues, or the messages of one')
  .addOption(stage)
  .option('--queue <name>', "the queue whose messages to show; the stage's prefix may be left out")
  .option('--max <n>', 'how many messages to show', atLeast(1), 100)
  .addHelpText(
    'after',
    '\nMessages are received to be looked at, and shown to others again at once.',
  )
  .action((options: { stage: string; queue?: string; max: number }) =>
    commands.dlq().list(findProject(), options),
  );

dlq
  .command('redrive')
  .description('try messages again, once the cause is mended')
  .addOption(stage)
  .option('--queue <name>', "of one queue; the stage's prefix may be left out")
  .option('--all', 'of every queue', false)
  .option('--max <n>', 'of each queue as many at most', atLeast(1))
  .addHelpText(
    'after',
    `
By its own shape an event that a function failed on invokes it again, changes of orders that a pipe
gave up are read from their table's stream (which keeps them for 24 hours) and put on, and any other
message goes back to its queue. A message is deleted once it was handed over.

Ends with 1 where a message could not be: it is named, and stays.`,
  )
  .action(async (options: RedriveOptions) => {
    if (!(await commands.dlq().redrive(findProject(), options))) process.exitCode = 1;
  });

program
  .command('replay')
  .description("do a table's days again, with the transformer as it is deployed now")
  .requiredOption('--table <name>', 'which table')
  .requiredOption('--from <day>', 'the first day: YYYY-MM-DD, UTC')
  .requiredOption('--to <day>', 'the last day, itself too')
  .addOption(stage)
  .option('--dry-run', 'say what there is, and do nothing', false)
  .option('--no-wait', 'return once all is under way')
  .addOption(timeout)
  .addHelpText(
    'after',
    `
Every raw object that is dated so, or that wrote rows of these days, is transformed again, exactly
once: what it wrote is replaced, also while new data arrive. For order_events the records that
Firehose kept on these days of their arrival are put again on their stream: the files then hold
them twice, and the views take each change once. Transactions that came by Firehose are not
replayed: nothing takes their rows once.

Ends with 1 where an object was not done.`,
  )
  .action(async (options: ReplayOptions) => {
    if (!(await commands.replay().replay(findProject(), options))) process.exitCode = 1;
  });

program
  .command('status')
  .description('show what zones, queues and streams hold, raised alarms, and what failed last')
  .action(() => commands.status().status(findProject()));

program
  .command('mail')
  .description('list what the local AWS sent by e-mail, or show one')
  .argument('[n]', 'its number in the list')
  .option('--last', 'the newest', false)
  .action((which: string | undefined, options: MailOptions) =>
    commands.mail().mail(findProject(), which, options),
  );

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
