import { lstatSync, type BigIntStats } from 'node:fs';

/**
 * What tells one version of a file from another under the same name. A rename keeps it; the
 * modification time tells a later file from one whose inode it was given.
 */
export interface FileIdentity {
  inode: string;
  size: number;
  /** Nanoseconds since the Unix epoch, as text: they do not fit a number. */
  modified: string;
}

/** The identity of the file at `path`, or undefined where there is no file proper. */
export function identityOf(path: string): FileIdentity | undefined {
  try {
    const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    return stats?.isFile() ? identityFrom(stats) : undefined;
  } catch (error) {
    // What would be its folder is a file.
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}

export function identityFrom(stats: BigIntStats): FileIdentity {
  return {
    inode: String(stats.ino),
    size: Number(stats.size),
    modified: String(stats.mtimeNs),
  };
}

export function isSameFile(a: FileIdentity | undefined, b: FileIdentity | undefined): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    a.inode === b.inode &&
    a.size === b.size &&
    a.modified === b.modified
  );
}
