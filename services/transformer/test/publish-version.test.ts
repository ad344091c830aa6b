import fc from 'fast-check';
import { compareSequencers } from '@saleslake/shared/lake/sequencer';
import { publishVersion } from '../src/publish-version';
import {
  openLake,
  play,
  publicationOf,
  sequencerOf,
  visibleOf,
  type Content,
  type Scenario,
} from './simulated-lake';

const content: fc.Arbitrary<Content> = fc.record({
  rows: fc.dictionary(
    fc.constantFrom('day=01', 'day=02', 'day=03'),
    fc.uniqueArray(fc.nat(9), { minLength: 1, maxLength: 3 }),
  ),
  rejected: fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }),
});

const NOTHING: Content = { rows: {}, rejected: [] };

// A few contents for several versions: so an object also gets back what it held before.
const scenario: fc.Arbitrary<Scenario> = fc
  .array(content, { minLength: 2, maxLength: 3 })
  .chain((contents) =>
    fc.record({
      versions: fc.array(fc.constantFrom(...contents), { minLength: 1, maxLength: 4 }),
      seed: fc.integer(),
    }),
  );

async function endsWithNewest({ versions, seed }: Scenario): Promise<void> {
  let end: unknown;
  await play({ versions, seed }, ({ manifest, visible }) => {
    const { state, sequencer, rows } = manifest ?? {};
    end = { state, sequencer, rows, visible };
  });
  const visible = visibleOf(versions.at(-1)!);
  const [good, quarantined] = [visible.rows.length, visible.rejected.length];
  expect(end).toEqual({
    state: 'complete',
    sequencer: sequencerOf(versions.length - 1),
    rows: { in: good + quarantined, good, quarantined, duplicates: 0 },
    visible,
  });
}

async function neverGoesBack({ versions, seed }: Scenario): Promise<void> {
  let newest = '0';
  await play({ versions, seed }, ({ manifest, visible }) => {
    if (!manifest) return;
    expect(compareSequencers(manifest.sequencer, newest)).toBeGreaterThanOrEqual(0);
    newest = manifest.sequencer;
    if (manifest.state !== 'complete') return;
    const version = versions.findIndex((_, i) => sequencerOf(i) === newest);
    expect(visible).toEqual(visibleOf(versions[version]!));
  });
}

function signal(): { given: Promise<void>; give: () => void } {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give };
}

describe('publishing the versions of an object, whatever the order, deaths and repetitions', () => {
  const check = (
    scenarios: fc.Arbitrary<Scenario>,
    property: (scenario: Scenario) => Promise<void>,
  ): Promise<void> =>
    fc.assert(fc.asyncProperty(scenarios, property), {
      seed: 2026,
      numRuns: Number(process.env['PUBLISH_RUNS'] ?? 300),
    });

  it('ends with the rows and rejections of the newest version, and a manifest that says so', () =>
    check(scenario, endsWithNewest));

  it('shows nothing but the version of the manifest once that is complete, and none older', () =>
    check(scenario, neverGoesBack));
});

it('refuses who looked at an emptied output and writes after it was filled and emptied again', async () => {
  const full: Content = { rows: { 'day=01': [1] }, rejected: ['a'] };
  const lake = openLake();
  const { store } = lake;
  const publish = (version: number, content: Content, through = store) =>
    publishVersion(through, publicationOf(content, sequencerOf(version)));
  await publish(0, full);
  await publish(1, NOTHING);

  const release = signal();
  const looked = signal();
  let held = 0;
  const sleeper = publish(2, full, {
    ...store,
    async put(key, ...rest) {
      if (!key.startsWith('manifests/')) {
        if (++held === 2) looked.give();
        await release.given;
      }
      return store.put(key, ...rest);
    },
  });
  await looked.given;
  await publish(2, full);
  await publish(3, NOTHING);
  release.give();

  expect(await sleeper).toEqual({ state: 'superseded' });
  expect(lake.visible()).toEqual({ rows: [], rejected: [] });
});
