/**
 * Runs seeds of the chaos test: `npm run chaos -- --seeds 1000 [--first 1]`, or `--seed 17` for one.
 * `--at-once 2` runs so many side by side, `--keep` leaves state folders also where all is well.
 * Ends with 1 where anything was not as it should be.
 */
import { parseArgs } from 'node:util';
import { runSeed } from './run-seed';
import { setUp } from './set-up';

/** Differences of one seed that are printed; the others are of the same kind, as a rule. */
const SHOWN = 12;

const OPTIONS = {
  seed: { type: 'string' },
  seeds: { type: 'string', default: '10' },
  first: { type: 'string', default: '1' },
  'at-once': { type: 'string', default: '2' },
  keep: { type: 'boolean', default: false },
} as const;

async function main(): Promise<void> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const { values } = parseArgs({ options: OPTIONS });
  const first = integer('--first', values.seed ?? values.first);
  const count = values.seed === undefined ? integer('--seeds', values.seeds) : 1;
  const atOnce = integer('--at-once', values['at-once']);
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
      const outcome = await runSeed(seed, setup, values.keep);
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
  console.log(`${count} seeds, ${faults} faults, ${seconds} s: ${verdict}`);
  if (failed.length > 0) process.exitCode = 1;
}

function integer(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`${name} is ${text}; expected a whole number.`);
}

void main();
