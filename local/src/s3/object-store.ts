import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { readFileIfPresent, writeFileAtomically } from '../core/atomic-file';
import type { AwsEvent } from '../core/event';
import { identityFrom, identityOf, isSameFile, type FileIdentity } from './file-identity';
import { pathOfKey, shadowed } from './key-path';
import { DEFAULT_HEADERS, type ObjectRecord } from './object-record';
import type { Outbox } from './outbox';
import { s3Error } from './s3-error';
import type { ObjectRef } from './s3-request';
import type { StagedFile } from './staged-file';

/** Whether a write may go ahead, given the object that it would replace. Throws where not. */
export type CheckCurrent = (current: ObjectRecord | undefined) => void;

/** How a change is made. */
export interface ChangeOptions {
  /** Asked at the moment of the change: nothing comes between the two. */
  check?: CheckCurrent;
  /** Makes the event that the change is announced by. */
  event?: (sequencer: string) => AwsEvent;
}

/** An object opened for reading: its bytes stay, whatever happens to its key. */
export interface OpenObject {
  record: ObjectRecord;
  /** The caller closes it. */
  fd: number;
}

/**
 * Objects as files with their records beside them.
 *
 * An object's file is renamed into its place; its record is written before that, next to the
 * record of the file that it replaces. A reader takes the record that was written for the very
 * file that it finds, so a kill at any moment leaves the old object with its old record or the
 * new with its new. A file with no record was dropped in by hand: it is given one when first
 * looked at.
 */
export interface ObjectStore {
  find(ref: ObjectRef): Promise<ObjectRecord | undefined>;
  open(ref: ObjectRef): Promise<OpenObject | undefined>;
  /** Puts a staged file in the object's place. */
  put(
    ref: ObjectRef,
    staged: StagedFile,
    record: ObjectRecord,
    options: ChangeOptions,
  ): Promise<void>;
  /** Removes an object; tells whether there was one. */
  delete(ref: ObjectRef, options: ChangeOptions): Promise<boolean>;
  /** Whether the object's file is this very one. */
  holds(ref: ObjectRef, file: FileIdentity): boolean;
}

interface Sidecar {
  key: string;
  versions: { file: FileIdentity; record: ObjectRecord }[];
}

interface FoundFile {
  path: string;
  identity: FileIdentity;
}

// How often a file that changes under our hands is read again.
const ATTEMPTS = 5;

export function openObjectStore(options: {
  bucketFolder: (bucket: string) => string;
  /** Folder of the records; one subfolder a bucket. */
  recordFolder: string;
  outbox: Outbox;
  nextSequencer: () => string;
}): ObjectStore {
  const { bucketFolder, recordFolder, outbox, nextSequencer } = options;

  function locate(ref: ObjectRef): FoundFile | undefined {
    const own = join(bucketFolder(ref.bucket), pathOfKey(ref.key));
    for (const path of [own, shadowed(own)]) {
      const identity = identityOf(path);
      if (identity) return { path, identity };
    }
    return undefined;
  }

  // Hashed, as the sidecars of `a` and of `a/b` could not both be named after their keys.
  function sidecarPath(ref: ObjectRef): string {
    const hash = createHash('sha256').update(ref.key).digest('hex');
    return join(recordFolder, ref.bucket, hash.slice(0, 2), `${hash}.json`);
  }

  function readVersions(ref: ObjectRef): Sidecar['versions'] {
    const text = readFileIfPresent(sidecarPath(ref));
    return text === undefined ? [] : (JSON.parse(text) as Sidecar).versions;
  }

  function recordOf(ref: ObjectRef, file: FileIdentity): ObjectRecord | undefined {
    return readVersions(ref).find((version) => isSameFile(version.file, file))?.record;
  }

  function writeRecord(
    ref: ObjectRef,
    file: FileIdentity,
    record: ObjectRecord,
    replaced: FileIdentity | undefined,
  ): void {
    const kept = readVersions(ref).filter((version) => isSameFile(version.file, replaced));
    const sidecar: Sidecar = { key: ref.key, versions: [{ file, record }, ...kept] };
    writeFileAtomically(sidecarPath(ref), JSON.stringify(sidecar));
  }

  /** Gives a file that was dropped in by hand its record. */
  async function adopt(ref: ObjectRef, found: FoundFile): Promise<void> {
    const digest = createHash('md5');
    for await (const chunk of createReadStream(found.path)) digest.update(chunk as Buffer);
    if (!isSameFile(identityOf(found.path), found.identity)) return;
    const record: ObjectRecord = {
      etag: digest.digest('hex'),
      size: found.identity.size,
      lastModified: Number(BigInt(found.identity.modified) / 1_000_000n),
      headers: DEFAULT_HEADERS,
    };
    writeRecord(ref, found.identity, record, undefined);
  }

  /**
   * Calls `use` with the object's file and record, or with nothing where there is no object.
   * Nothing else of this process runs between the look and `use`.
   */
  async function withCurrent<T>(
    ref: ObjectRef,
    use: (current: { file: FoundFile; record: ObjectRecord } | undefined) => T,
  ): Promise<T> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const file = locate(ref);
      const record = file && recordOf(ref, file.identity);
      if (!file) return use(undefined);
      if (record) return use({ file, record });
      try {
        await adopt(ref, file);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
    throw s3Error(
      'OperationAborted',
      `The file of ${ref.key} is being changed by another program.`,
    );
  }

  return {
    find: (ref) => withCurrent(ref, (current) => current?.record),

    open: (ref) =>
      withCurrent(ref, (current) => {
        if (!current) return undefined;
        const fd = openSync(current.file.path, 'r');
        if (isSameFile(identityFrom(fstatSync(fd, { bigint: true })), current.file.identity)) {
          return { fd, record: current.record };
        }
        closeSync(fd);
        throw s3Error(
          'OperationAborted',
          `The file of ${ref.key} was replaced by another program.`,
        );
      }),

    put: (ref, staged, record, { check, event }) =>
      withCurrent(ref, (current) => {
        check?.(current?.record);
        writeRecord(ref, staged.identity, record, current?.file.identity);
        const change = (): void => {
          const path = current?.file.path ?? makeRoom(bucketFolder(ref.bucket), ref.key);
          renameSync(staged.path, path);
        };
        if (!event) return change();
        const sequencer = nextSequencer();
        const pending = { object: ref, change: 'created', file: staged.identity } as const;
        outbox.announce(sequencer, { ...pending, event: event(sequencer) }, change);
      }),

    delete: (ref, { check, event }) =>
      withCurrent(ref, (current) => {
        check?.(current?.record);
        if (!current) return false;
        const { path, identity } = current.file;
        // An older version that a file dropped in by hand lies before must not come back.
        rmSync(shadowed(path), { force: true });
        const change = (): void => rmSync(path);
        if (!event) change();
        else {
          const sequencer = nextSequencer();
          const pending = { object: ref, change: 'deleted', file: identity } as const;
          outbox.announce(sequencer, { ...pending, event: event(sequencer) }, change);
        }
        rmSync(sidecarPath(ref), { force: true });
        removeEmptyFolders(dirname(path), bucketFolder(ref.bucket));
        return true;
      }),

    holds: (ref, file) => isSameFile(locate(ref)?.identity, file),
  };
}

/**
 * Makes the folders for a key that has no file yet and returns the path that its file goes to:
 * its own, or the shadowed one where its own is the folder of other keys. A file in the way of a
 * folder moves to its shadowed path, where readers find it just as well.
 */
function makeRoom(bucketFolder: string, key: string): string {
  const path = pathOfKey(key);
  const own = join(bucketFolder, path);
  try {
    mkdirSync(dirname(own), { recursive: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOTDIR' && code !== 'EEXIST') throw error;
    let folder = bucketFolder;
    for (const name of path.split('/').slice(0, -1)) {
      folder = join(folder, name);
      if (identityOf(folder)) renameSync(folder, shadowed(folder));
    }
    mkdirSync(dirname(own), { recursive: true });
  }
  try {
    rmdirSync(own); // A folder that holds nothing is no reason to go elsewhere.
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return shadowed(own);
    // Nothing is there, or a link, which is no object and which the rename replaces.
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
  }
  return own;
}

function removeEmptyFolders(folder: string, bucketFolder: string): void {
  for (let each = folder; each !== bucketFolder; each = dirname(each)) {
    try {
      rmdirSync(each);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOTEMPTY' || code === 'EEXIST') return;
      if (code !== 'ENOENT') throw error;
    }
  }
}
