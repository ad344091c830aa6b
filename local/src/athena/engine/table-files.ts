import type { Dirent } from 'node:fs';
import { sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { CatalogTable, GlueCatalog } from '../../glue/glue-catalog';
import type { FolderListing } from './folder-listing';
import { projectionOf } from './partition-projection';
import { bucketOf, folderOf, type BucketFolder } from './s3-location';

/** A file that belongs to a table. */
export interface TableFile {
  path: string;
  /** The text of each partition column, in the order of the table's keys. */
  partition: readonly string[];
  bucket: BucketFolder;
}

export interface FileListing {
  catalog: GlueCatalog;
  bucketFolder: (bucket: string) => string | undefined;
  now: () => number;
  folders: FolderListing;
}

// So that a listing of thousands of folders lets others have their turn.
const FOLDERS_A_TURN = 64;

/**
 * The files that are a table's rows: those below its location, of a partitioned table those of
 * the partitions that its projection covers, or that are registered. Files and folders whose names
 * begin with `_` or `.` are hidden. https://docs.aws.amazon.com/athena/latest/ug/tables-location-format.html
 */
export async function filesOf(table: CatalogTable, listing: FileListing): Promise<TableFile[]> {
  const files: TableFile[] = [];
  let visited = 0;
  const entriesOf = async (folder: string): Promise<readonly Dirent[]> => {
    if (++visited % FOLDERS_A_TURN === 0) await setImmediate();
    return listing.folders(folder);
  };
  const addBelow = async (
    folder: string,
    partition: readonly string[],
    bucket: BucketFolder,
  ): Promise<void> => {
    for (const entry of await entriesOf(folder)) {
      const path = `${folder}${sep}${entry.name}`;
      if (entry.isDirectory()) await addBelow(path, partition, bucket);
      else files.push({ path, partition, bucket });
    }
  };

  const { bucketFolder } = listing;
  if (table.location === undefined || table.location === '') return [];
  if (table.partitionKeys.length === 0) {
    await addBelow(
      folderOf(table.location, bucketFolder),
      [],
      bucketOf(table.location, bucketFolder),
    );
    return files;
  }
  const projection = projectionOf(table, listing.now());
  if (projection === undefined) {
    const partitions = listing.catalog.partitions(table.databaseName, table.name);
    for (const { location, values } of partitions) {
      await addBelow(folderOf(location, bucketFolder), values, bucketOf(location, bucketFolder));
    }
    return files;
  }
  const bucket = bucketOf(projection.base, bucketFolder);
  const walk = async (folder: string, depth: number, found: Map<string, string>): Promise<void> => {
    const level = projection.levels[depth];
    if (level === undefined) {
      if (projection.holds(found)) {
        await addBelow(
          folder,
          table.partitionKeys.map(({ name }) => found.get(name) ?? ''),
          bucket,
        );
      }
      return;
    }
    for (const entry of await entriesOf(folder)) {
      const match = entry.isDirectory() ? level.pattern.exec(entry.name) : null;
      if (!match) continue;
      const values = new Map(found);
      level.columns.forEach((column, i) => {
        const before = values.get(column);
        const text = match[i + 1] ?? '';
        values.set(column, before === undefined ? text : `${before}/${text}`);
      });
      await walk(`${folder}${sep}${entry.name}`, depth + 1, values);
    }
  };
  await walk(folderOf(projection.base, bucketFolder), 0, new Map());
  return files;
}
