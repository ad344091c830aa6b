import { Command, InvalidArgumentError } from 'commander';
import { runSeed } from './run-seed';
import { setUp } from './set-up';

/** Differences of one seed that are printed; the others are of the same kind, as a rule. */
const SHOWN = 12;

interface Options {
  seeds: number;
  first: number;
  seed?: number;
  atOnce: number;
  keep: boolean;
}

const program = new Command('npm run chaos --')
  .description('Random work under random faults, held against what the lake should be.')
  .option('--seeds <n>', 'how many', integer, 10)
  .option('--first <seed>', 'the first of them', integer, 1)
  .option('--seed <seed>', 'this one alone', integer)
  .option('--at-once <n>', 'how many side by side', integer, 2)
  .option('--keep', 'leave state folders also where all is well', false)
  .addHelpText('after', '\nEnds with 1 where anything was not as it should be.');

async function main(options: Options): Promise<void> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const { seed: single, atOnce, keep } = options;
  const first = single ?? options.first;
  const count = single === undefined ? options.seeds : 1;
  const setup = await setUp();
  const begun = performance.now();
  const failed: number[] = [];
  let faults = 0;
  let next = first;

  async function worker(): Promise<void> {
    while (next < first + count) {
      const seed = next;
      next += 1;
      const seedBegun = performance.now();
      const outcome = await runSeed(seed, setup, keep);
      const seconds = ((performance.now() - seedBegun) / 1000).toFixed(1);
      faults += outcome.faults;
      const ok = outcome.differences.length === 0;
      console.log(
        `seed ${seed}: ${ok ? 'ok' : 'FAILED'}, ${outcome.faults} faults, ` +
          `${outcome.restarts} restarts, ${outcome.rows} rows, ${outcome.mails} mails, ${seconds} s`,
      );
      if (outcome.folder !== undefined) console.log(`  state: ${outcome.folder}`);
      if (ok) continue;
      failed.push(seed);
      for (const difference of outcome.differences.slice(0, SHOWN)) console.log(`  ${difference}`);
      const more = outcome.differences.length - SHOWN;
      if (more > 0) console.log(`  … and ${more} more`);
      console.log(`  again: npm run chaos -- --seed ${seed}`);
    }
  }

  try {
    await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
  } finally {
    setup.remove();
  }
  const seconds = ((performance.now() - begun) / 1000).toFixed(0);
  const verdict =
    failed.length === 0 ? 'all ok' : `failed: ${failed.sort((a, b) => a - b).join(', ')}`;
  console.log(
    `${count} ${count === 1 ? 'seed' : 'seeds'}, ${faults} faults, ${seconds} s: ${verdict}`,
  );
  if (failed.length > 0) process.exitCode = 1;
}

function integer(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number.');
}

void program.action(main).parseAsync();
