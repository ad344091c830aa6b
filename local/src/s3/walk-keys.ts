import { readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { compareKeys, isContinued, isPathOf, textOfFile, textOfFolder } from './key-path';

interface Entry {
  /** What the entry adds to its folder's key prefix; a folder's ends in `/`. */
  text: string;
  /** Its path below the bucket's folder. */
  path: string;
  isFolder: boolean;
}

/**
 * The keys of a bucket's objects in S3's order. `wanted` is asked with the key prefix of each
 * folder before it is read, so that a caller can pass over whole folders. Files whose names no
 * key leads to, such as unfinished `*.tmp`, are not objects.
 */
export function* walkKeys(
  bucketFolder: string,
  wanted: (keyPrefix: string) => boolean,
  folder = '',
  keyPrefix = '',
): Generator<string> {
  let last: string | undefined;
  for (const entry of entriesOf(bucketFolder, folder)) {
    const key = keyPrefix + entry.text;
    if (entry.isFolder) {
      if (wanted(key)) yield* walkKeys(bucketFolder, wanted, entry.path, key);
    } else if (key !== last && isPathOf(entry.path, key)) {
      // A file dropped in by hand can lie beside the shadowed form of its key.
      last = key;
      yield key;
    }
  }
}

function entriesOf(bucketFolder: string, folder: string): Entry[] {
  return readEntries(bucketFolder, folder, '').sort((a, b) => compareKeys(a.text, b.text));
}

function readEntries(bucketFolder: string, folder: string, begun: string): Entry[] {
  const entries: Entry[] = [];
  for (const found of readFolder(join(bucketFolder, folder))) {
    const path = folder === '' ? found.name : `${folder}/${found.name}`;
    if (found.isFile()) {
      entries.push({ text: begun + textOfFile(found.name), path, isFolder: false });
    } else if (found.isDirectory()) {
      const text = begun + textOfFolder(found.name);
      // The pieces of a long segment sort among the whole segments beside them.
      if (isContinued(found.name)) entries.push(...readEntries(bucketFolder, path, text));
      else entries.push({ text, path, isFolder: true });
    }
  }
  return entries;
}

function readFolder(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    // Its last object may have been deleted since its name was read.
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
