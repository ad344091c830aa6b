/**
 * Tries seeds, one after the other: `npx tsx local/test/chaos/try-seeds.ts <first> [<how many>]`.
 * Ends with 1 where the lake was not as it should be.
 */
import { runSeed } from './run-seed';

async function main([first = '1', count = '10']: string[]): Promise<void> {
  for (let seed = Number(first); seed < Number(first) + Number(count); seed += 1) {
    const begun = performance.now();
    const { differences, faults, restarts, log } = await runSeed(seed);
    const seconds = ((performance.now() - begun) / 1000).toFixed(0);
    const verdict =
      differences.length === 0 ? 'exact' : `${differences.length} differences, ${log}`;
    console.log(`seed ${seed}: ${verdict}; ${faults} faults, ${restarts} restarts, ${seconds} s`);
    for (const difference of differences.slice(0, 10)) console.log(`  ${difference}`);
    if (differences.length > 0) process.exitCode = 1;
  }
}

void main(process.argv.slice(2));
