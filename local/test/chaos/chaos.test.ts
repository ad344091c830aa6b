import { runSeed } from './run-seed';
import { setUp } from './set-up';

// SALESLAKE_CHAOS_SEEDS="3 4 5" runs others; `npm run chaos` runs many.
const SEEDS = (process.env['SALESLAKE_CHAOS_SEEDS'] ?? '1 2 10').split(' ').map(Number);

let setup: Awaited<ReturnType<typeof setUp>>;
beforeAll(async () => {
  setup = await setUp();
}, 60_000);
afterAll(() => setup.remove());

describe('the lake, under random faults', () => {
  it.each(SEEDS)(
    'ends with every row once, every bad record in quarantine and every alert told, from seed %i',
    async (seed) => {
      const { differences, folder } = await runSeed(seed, setup);
      expect({ differences, folder }).toEqual({ differences: [], folder: undefined });
    },
    300_000,
  );
});
