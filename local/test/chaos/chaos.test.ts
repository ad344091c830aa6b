import { runSeed } from './run-seed';
import { setUp } from './set-up';

// One without faults, one whose process is ended, one with a bad day. SALESLAKE_CHAOS_SEEDS="3 4"
// runs others, `npm run chaos` runs many.
const SEEDS = (process.env['SALESLAKE_CHAOS_SEEDS'] ?? '10 14 15').split(' ').map(Number);

let setup: Awaited<ReturnType<typeof setUp>>;
beforeAll(async () => {
  setup = await setUp();
}, 60_000);
afterAll(() => setup.remove());

describe('the lake, under random faults', () => {
  it(`ends with every row once, every bad record in quarantine and every alert told, from seeds ${SEEDS.join(', ')}`, async () => {
    // Side by side, as most of a run is waiting for retries.
    const runs = SEEDS.map(async (seed) => ({ seed, ...(await runSeed(seed, setup)) }));
    const outcomes = await Promise.all(runs);
    const wrong = outcomes
      .filter(({ differences }) => differences.length > 0)
      .map(({ seed, differences, folder }) => ({ seed, differences, folder }));
    expect(wrong).toEqual([]);
  }, 300_000);
});
