import { createHash } from 'node:crypto';
import {
  emptyQuarantineFile,
  formatQuarantineRecord,
  parseQuarantineFile,
} from '@saleslake/shared/lake/quarantine';
import { parseManifest, type Manifest } from '@saleslake/shared/lake/manifest';
import type { ConditionalStore } from '../src/conditional-store';
import { publishVersion, type Publication, type StagedVersion } from '../src/publish-version';

/** What a version of the source object holds: the days its rows are of, and what is rejected. */
export interface Content {
  rows: Record<string, number[]>;
  rejected: string[];
}

export interface Scenario {
  /** The source object's versions, oldest first. */
  versions: Content[];
  /** Decides every choice of the scheduler. */
  seed: number;
}

export interface Visible {
  rows: string[];
  rejected: string[];
}

const MANIFEST = 'manifests/t/s.json';
const PROCESSED = 'processed/t/';
const QUARANTINE = 'quarantine/t/date=2026-03-01/s.json';
// In order only if the shorter ones are padded on the right.
const SEQUENCERS = ['00A', '00A1', '00B', '00B03'];
const MOST_STEPS = 5000;

/**
 * Plays the life of one source object: its versions are written one by one, their events delivered
 * in any order and more than once, and every request of every invocation is a step that may come
 * at any later time, or never. In the end each event was handled by an invocation that lived.
 * Calls `watch` after each step.
 */
export async function play(
  { versions, seed }: Scenario,
  watch: (lake: { manifest: Manifest | undefined; visible: Visible }) => void,
): Promise<void> {
  const random = mulberry32(seed);
  const lake = openLake();
  const actors: Actor[] = [];
  const undelivered: number[] = [];
  let written = 0;
  let deaths = 6;
  let repeats = 4;

  const weight = (): number => 10 ** -Math.floor(random() * 5);

  function write(): void {
    undelivered.push(written++);
  }

  function invoke(version: number): void {
    const actor: Actor = { version, pending: [], state: 'running', weight: weight() };
    const step = <T>(request: () => Promise<T>): Promise<T> =>
      new Promise<T>((resolve, reject) => {
        actor.pending.push(async () => {
          const result = request();
          // The dead do not hear of it.
          if (actor.state !== 'dead') await result.then(resolve, reject);
        });
      });
    const store: ConditionalStore = {
      read: (key) => step(() => lake.store.read(key)),
      head: (key) => step(() => lake.store.head(key)),
      put: (...args) =>
        step(async () => {
          const etag = await lake.store.put(...args);
          // An answer that got lost: the SDK asks again.
          return random() < 0.05 ? lake.store.put(...args) : etag;
        }),
    };
    const publication = publicationOf(versions[version]!, SEQUENCERS[version]!);
    const isCurrent = (): boolean => etagOf(versions[written - 1]!) === etagOf(versions[version]!);
    actors.push(actor);
    publishVersion(store, {
      ...publication,
      stage: () => step(async () => (isCurrent() ? publication.stage() : undefined)),
    }).then(
      () => {
        actor.state = 'done';
      },
      (error: Error) => {
        actor.failed = error;
      },
    );
  }

  for (let steps = 0; ; steps++) {
    if (steps > MOST_STEPS) throw new Error('The invocations do not come to an end');
    const choices: Choice[] = [];
    if (written < versions.length) choices.push({ weight: 0.02, run: write });
    for (const [i, version] of undelivered.entries()) {
      const run = (): void => {
        undelivered.splice(i, 1);
        invoke(version);
        if (repeats > 0 && random() < 0.3) {
          repeats--;
          undelivered.push(version);
        }
      };
      choices.push({ weight: 0.05, run });
    }
    for (const actor of actors) {
      for (const [i, request] of actor.pending.entries()) {
        const run = async (): Promise<void> => {
          actor.pending.splice(i, 1);
          if (deaths > 0 && actor.state !== 'dead' && random() < 0.05) {
            deaths--;
            actor.state = 'dead';
            undelivered.push(actor.version);
            // What it had sent arrives, or is lost.
            actor.pending = [request, ...actor.pending].filter(() => random() < 0.7);
          } else await request();
        };
        // What the dead sent comes late.
        choices.push({ weight: actor.state === 'dead' ? 0.002 : actor.weight, run });
      }
    }
    if (choices.length === 0) break;
    await pick(choices, random)();
    if (actors.length > 0 && random() < 0.05) {
      actors[Math.floor(random() * actors.length)]!.weight = weight();
    }
    await settled();
    for (const { failed } of actors) if (failed) throw failed;
    watch({ manifest: lake.manifest(), visible: lake.visible() });
  }
  if (actors.some(({ state }) => state === 'running')) {
    throw new Error('An invocation waits for nothing');
  }
}

export function sequencerOf(version: number): string {
  return SEQUENCERS[version]!;
}

export function visibleOf({ rows, rejected }: Content): Visible {
  const visible = Object.entries(rows).flatMap(([day, ids]) => ids.map((id) => `${day}:${id}`));
  return { rows: visible.sort(), rejected: [...rejected].sort() };
}

interface Choice {
  weight: number;
  run: () => void | Promise<void>;
}

interface Actor {
  version: number;
  /** Requests that are on their way. */
  pending: (() => Promise<void>)[];
  state: 'running' | 'dead' | 'done';
  failed?: Error;
  weight: number;
}

/** A bucket with S3's conditions, one request at a time; the ETag is the MD5 of the bytes, as there. */
export function openLake(): {
  store: ConditionalStore;
  manifest(): Manifest | undefined;
  /** What a reader of all the files finds. */
  visible(): Visible;
} {
  const bucket = new Map<string, { etag: string; text: string; sequencer: string }>();
  return {
    store: {
      read: (key) => Promise.resolve(bucket.get(key)),
      head: (key) => Promise.resolve(bucket.get(key)),
      put(key, body, expected, sequencer) {
        if (bucket.get(key)?.etag !== expected) return Promise.resolve(undefined);
        const text = Buffer.from(body as Uint8Array).toString();
        const etag = createHash('md5').update(text).digest('hex');
        bucket.set(key, { etag, text, sequencer });
        return Promise.resolve(etag);
      },
    },
    manifest() {
      const found = bucket.get(MANIFEST);
      return found && parseManifest(MANIFEST, found.text);
    },
    visible: () => visibleIn(bucket),
  };
}

/** How a version with such content is published. */
export function publicationOf(content: Content, sequencer: string): Publication {
  const days = Object.entries(content.rows).filter(([, rows]) => rows.length > 0);
  const good = days.flatMap(([, rows]) => rows).length;
  const quarantined = content.rejected.length;
  const outputs = new Map(
    days.map(([day, rows]) => [
      processed(day),
      { rows: rows.length, body: parquet(rows, sequencer) },
    ]),
  );
  if (quarantined > 0) {
    const lines = content.rejected.map((record) =>
      formatQuarantineRecord({
        ...{ source: 's3://raw/raw/t/s.json', etag: etagOf(content), size: 1, sequencer },
        ...{ line: 1, reasons: '', violations: [], record },
      }),
    );
    outputs.set(QUARANTINE, { rows: quarantined, body: Buffer.from(lines.join('')) });
  }
  const manifest: StagedVersion['manifest'] = {
    source: { bucket: 'raw', key: 'raw/t/s.json' },
    sequencer,
    etag: etagOf(content),
    size: 1,
    table: 't',
    contractVersion: 1,
    rows: { in: good + quarantined, good, quarantined, duplicates: 0 },
    whole: false,
    reasons: [],
  };
  return {
    manifestKey: MANIFEST,
    sequencer,
    stage: () => Promise.resolve({ manifest, outputs }),
    emptied: (key) =>
      key === QUARANTINE ? Buffer.from(emptyQuarantineFile(sequencer)) : parquet([], sequencer),
  };
}

function visibleIn(bucket: ReadonlyMap<string, { text: string }>): Visible {
  const visible: Visible = { rows: [], rejected: [] };
  for (const [key, { text }] of bucket) {
    if (key === QUARANTINE) {
      visible.rejected = parseQuarantineFile(text).map(({ record }) => record!);
    } else if (key !== MANIFEST) {
      const { rows } = JSON.parse(text) as { rows: number[] };
      visible.rows.push(...rows.map((id) => `${key.slice(PROCESSED.length)}:${id}`));
    }
  }
  return { rows: visible.rows.sort(), rejected: visible.rejected.sort() };
}

function processed(day: string): string {
  return `${PROCESSED}${day}`;
}

/** Stands for a Parquet file: rows, and a footer with the sequencer. */
function parquet(rows: number[], sequencer: string): Buffer {
  return Buffer.from(JSON.stringify({ rows, sequencer }));
}

function etagOf(content: Content): string {
  return createHash('md5').update(JSON.stringify(content)).digest('hex');
}

function pick(choices: readonly Choice[], random: () => number): Choice['run'] {
  let left = random() * choices.reduce((total, { weight }) => total + weight, 0);
  for (const { weight, run } of choices) if ((left -= weight) < 0) return run;
  return choices[choices.length - 1]!.run;
}

/** Every invocation has come to its next request, or to its end. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A small generator of random numbers in 0 … 1. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
