import {
  formatManifest,
  parseManifest,
  type Manifest,
  type Output,
} from '@saleslake/shared/lake/manifest';
import { compareSequencers } from '@saleslake/shared/lake/sequencer';
import type { ConditionalStore, StoredBody } from './conditional-store';
import { forEachConcurrently } from '@saleslake/shared/runtime/for-each-concurrently';

/** What a version of a source object turned into, made but not visible yet. */
export interface StagedVersion {
  manifest: Omit<Manifest, 'state' | 'outputs'>;
  outputs: ReadonlyMap<string, { rows: number; body: StoredBody }>;
}

export interface Publication {
  manifestKey: string;
  /** The version. */
  sequencer: string;
  /** Makes the outputs; undefined where the source object is of a newer version by now. */
  stage(): Promise<StagedVersion | undefined>;
  /** What takes the place of an output that this version has no rows for. */
  emptied(key: string): StoredBody | Promise<StoredBody>;
}

export type Outcome =
  /** The outputs are those of this version, and the manifest says so. */
  | { state: 'published'; manifest: Manifest }
  /** They were already, before this invocation. */
  | { state: 'duplicate'; manifest: Manifest }
  /** There is a newer version, whose own event makes or made them. */
  | { state: 'superseded' };

const CONCURRENT_WRITES = 8;

/**
 * Makes a version of a source object visible exactly once, and never an older one in its place,
 * although an event may come twice, late and out of order, and an invocation may die anywhere or
 * go on long after others have done its work.
 *
 * There are no locks, clocks or deletions, only conditional writes. A manifest for each source
 * object names the version and every output that any version of it ever had:
 *
 * 1. Read the manifest. Of a newer version, or of this one and complete: there is nothing to do.
 * 2. Stage the outputs, where nobody sees them.
 * 3. Claim: replace the manifest just read by one of this version, `writing`, that names the
 *    outputs of this version and those that were named before. Somebody else was quicker: back
 *    to 1.
 * 4. Replace each output that is not of a newer version, provided that it is still what was looked
 *    at. One that this version has no rows for is replaced by an empty file.
 * 5. Replace the claim by the same manifest, `complete`. If that is no longer there: back to 1.
 *
 * Why a newer version wins: the manifest's version never falls (1, 3). Whoever writes an output has
 * named it in the manifest before (3), so a newer version knows of it, whether it was written, is
 * about to be, or never will be, and leaves its own version there (4). An older invocation that
 * wakes up after that finds either a newer output and stops, or the output changed since it looked
 * and its write refused. Emptied outputs are not deleted because a write that expects no object
 * could then succeed late.
 *
 * That needs an ETag never to come back: the bytes of an output are different for each version,
 * empty ones too. They may or may not be the same for two invocations of one version; their rows
 * must be, as either may come last.
 *
 * While outputs are replaced a reader can see some of the older version and some of the newer;
 * once the manifest is complete, never.
 */
export async function publishVersion(
  store: ConditionalStore,
  publication: Publication,
): Promise<Outcome> {
  const { manifestKey, sequencer } = publication;
  let staged: StagedVersion | undefined;
  for (;;) {
    const found = await readManifest(store, manifestKey);
    const order = found ? compareSequencers(found.manifest.sequencer, sequencer) : -1;
    if (order > 0) return { state: 'superseded' };
    if (found && order === 0 && found.manifest.state === 'complete') {
      // Having staged, this invocation took part, or lost the race to its twin.
      return { state: staged ? 'published' : 'duplicate', manifest: found.manifest };
    }

    staged ??= await publication.stage();
    if (!staged) return { state: 'superseded' };

    const before = new Set(found?.manifest.outputs.map(({ key }) => key));
    const { outputs } = staged;
    const targets = [...new Set([...before, ...outputs.keys()])]
      .sort()
      .map((key): Output => ({ key, rows: outputs.get(key)?.rows ?? 0 }));
    const putManifest = (state: Manifest['state'], expected?: string) => {
      const text = formatManifest({ ...staged!.manifest, state, outputs: targets });
      return store.put(manifestKey, Buffer.from(text), expected, sequencer);
    };

    const claim = await putManifest('writing', found?.etag);
    if (claim === undefined) continue;

    await forEachConcurrently(targets, CONCURRENT_WRITES, async ({ key }) => {
      const body = outputs.get(key)?.body ?? (await publication.emptied(key));
      await replaceOutput(store, key, body, sequencer, before.has(key));
    });

    if ((await putManifest('complete', claim)) !== undefined) {
      return {
        state: 'published',
        manifest: { ...staged.manifest, state: 'complete', outputs: targets },
      };
    }
  }
}

/** Leaves the output alone where it is of a newer version, which has then changed the manifest. */
async function replaceOutput(
  store: ConditionalStore,
  key: string,
  body: StoredBody,
  sequencer: string,
  mayExist: boolean,
): Promise<void> {
  // What no manifest named is most likely not there; if it is, the first write is refused.
  let current = mayExist ? await store.head(key) : undefined;
  for (;;) {
    const version = current?.sequencer;
    if (version !== undefined && compareSequencers(version, sequencer) > 0) return;
    if ((await store.put(key, body, current?.etag, sequencer)) !== undefined) return;
    current = await store.head(key);
  }
}

async function readManifest(
  store: ConditionalStore,
  key: string,
): Promise<{ etag: string; manifest: Manifest } | undefined> {
  const found = await store.read(key);
  return found && { etag: found.etag, manifest: parseManifest(key, found.text) };
}
