import type { S3Client } from '@aws-sdk/client-s3';
import type { Manifest } from '@saleslake/shared/lake/manifest';
import { readManifest, type LakeBuckets } from '@saleslake/shared/lake/read-manifest';
import { compareSequencers } from '@saleslake/shared/lake/sequencer';
import { touchObject } from '@saleslake/shared/lake/touch-object';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { forEachConcurrently } from '@saleslake/shared/runtime/for-each-concurrently';

/** Where raw objects and what became of them are. */
export interface Zones extends LakeBuckets {
  s3: S3Client;
}

/** What became of one raw object. */
export interface ReplayedObject {
  key: string;
  /**
   * `touched`: announced anew, and nobody waited for what follows; `complete`: transformed anew;
   * `waiting`: not within the time; `gone`: there is no such object any more; `refused`: it cannot
   * be touched, see `reason`.
   */
  state: 'touched' | 'complete' | 'waiting' | 'gone' | 'refused';
  reason?: string;
  before?: Manifest;
  after?: Manifest;
}

export interface ReplayOptions {
  /** False: returns once all are touched. */
  wait: boolean;
  /** For how long no object may be done before it is given up, in milliseconds. */
  patienceMs: number;
  progress?: (phase: 'touched' | 'transformed', done: number, of: number) => void;
}

const AT_ONCE = 16;
const BETWEEN_LOOKS_MS = 250;
/** User metadata that says when an object was last replayed. */
const MARK = 'saleslake-replayed-at';

/**
 * Has the transformer do raw objects again: touches each, so that S3 announces it as a new version,
 * and waits for the manifest of that. Twice the same is no harm: the transformer replaces all that
 * an object has written.
 * @returns of each object what became of it, in the order of the keys given.
 */
export async function replayObjects(
  zones: Zones,
  keys: readonly string[],
  { wait, patienceMs, progress }: ReplayOptions,
): Promise<ReplayedObject[]> {
  const mark = { [MARK]: new Date().toISOString() };
  const objects = keys.map((key): ReplayedObject => ({ key, state: 'waiting' }));
  let touched = 0;
  await forEachConcurrently(objects, AT_ONCE, async (object) => {
    // Before it is touched: what is newer than this is of the new version, or of a newer one still.
    object.before = await readManifest(zones.s3, zones, object.key);
    try {
      const found = await touchObject(zones.s3, { bucket: zones.raw, key: object.key }, mark);
      object.state = found === 'gone' ? 'gone' : 'touched';
    } catch (error) {
      if (!(error instanceof SaleslakeError)) throw error;
      Object.assign(object, { state: 'refused', reason: error.message });
    }
    progress?.('touched', ++touched, objects.length);
  });
  if (!wait) return objects;

  const awaited = objects.filter(({ state }) => state === 'touched');
  let left = awaited;
  let lastDone = Date.now();
  while (left.length > 0 && Date.now() - lastDone < patienceMs) {
    const before = left.length;
    await forEachConcurrently(left, AT_ONCE, async (object) => {
      const found = await readManifest(zones.s3, zones, object.key);
      if (found?.state !== 'complete' || !isNewer(found, object.before)) return;
      Object.assign(object, { state: 'complete', after: found });
    });
    left = left.filter(({ state }) => state === 'touched');
    progress?.('transformed', awaited.length - left.length, awaited.length);
    if (left.length < before) lastDone = Date.now();
    if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS_MS));
  }
  for (const object of left) object.state = 'waiting';
  return objects;
}

function isNewer(found: Manifest, before: Manifest | undefined): boolean {
  return !before || compareSequencers(found.sequencer, before.sequencer) > 0;
}
