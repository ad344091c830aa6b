import { readdirSync, statSync, type Dirent } from 'node:fs';

/** What is in a folder, but what is hidden or not finished; nothing where there is no folder. */
export type FolderListing = (folder: string) => readonly Dirent[];

// A change within the clock tick of the one before leaves no trace in the time of change. Some file
// systems count in seconds.
const SETTLED_MILLIS = 2000;
const MOST = 50_000;

/**
 * Lists folders, once for each time of change: looking at the time takes a fraction of what reading
 * a folder takes. `now` is the file system's clock.
 */
export function openFolderListing(now: () => number = Date.now): FolderListing {
  const known = new Map<string, { changedAt: bigint; entries: readonly Dirent[] }>();
  return (folder) => {
    const stat = statSync(folder, { bigint: true, throwIfNoEntry: false });
    if (!stat?.isDirectory()) {
      known.delete(folder);
      return [];
    }
    const cached = known.get(folder);
    if (cached?.changedAt === stat.ctimeNs) return cached.entries;
    const entries = entriesOf(folder);
    if (known.size > MOST) known.clear();
    if (now() - Number(stat.ctimeMs) > SETTLED_MILLIS) {
      known.set(folder, { changedAt: stat.ctimeNs, entries });
    } else known.delete(folder);
    return entries;
  };
}

function entriesOf(folder: string): Dirent[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter(({ name }) => !/^[_.]|\.tmp$/.test(name));
  } catch (error) {
    // Removed just now.
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
