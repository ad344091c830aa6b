import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { GlueCrawler } from '../cloudformation/catalog';
import type { AwsContext } from '../core/aws-context';
import { pathOfKey, shadowed } from '../s3/key-path';
import { walkKeys } from '../s3/walk-keys';
import { CRAWLER_PROPERTY, newTableOf } from './crawled-table';
import { openFileSchemaReader } from './file-schema';
import type { CatalogTable, GlueCatalog, NewTable } from './glue-catalog';
import { distinctName, tablesOfFolder, type CrawledFile, type CrawledTable } from './table-folders';

/** What a run of a crawler did. */
export interface CrawlResult {
  created: number;
  updated: number;
  deleted: number;
}

export interface CrawlServices {
  catalog: GlueCatalog;
  /** The folder whose files are a bucket's objects. Throws for an unknown bucket. */
  bucketFolder: (bucket: string) => string;
  clock: AwsContext['clock'];
  tell: AwsContext['tell'];
}

/**
 * Walks the crawler's S3 paths and brings the catalog up to what is there: new tables and
 * partitions, and what its schema change policy says of the others.
 * Rejects where a path cannot be walked, with the signal's reason when ended; what it did until
 * then stands, as in AWS.
 */
export async function crawl(
  crawler: GlueCrawler,
  services: CrawlServices,
  signal: AbortSignal,
): Promise<CrawlResult> {
  const { catalog } = services;
  const { databaseName } = crawler;
  if (!catalog.database(databaseName)) catalog.createDatabase({ name: databaseName });
  const found = (await filesOfPaths(crawler, services, signal)).flatMap(
    ({ bucket, prefix, files }) =>
      tablesOfFolder(bucket, prefix, files, tableLevelOf(crawler)).map((table) => ({
        table,
        bucket,
        location: `s3://${bucket}/${table.prefix}`,
      })),
  );
  const result: CrawlResult = { created: 0, updated: 0, deleted: 0 };
  for (const { table, bucket, location } of found) {
    const own = `${crawler.tablePrefix ?? ''}${table.name}`;
    const named = catalog.table(databaseName, own);
    const name = named && !isAt(named, location) ? distinctName(own, location) : own;
    const present = catalog.table(databaseName, name);
    const wanted = newTableOf(table, { databaseName, name, location, crawler: crawler.name });
    if (!present) {
      catalog.createTable(wanted);
      result.created += 1;
    } else if (mayUpdate(crawler) && !isSame(present, wanted)) {
      catalog.updateTable({ ...present, ...wanted, parameters: parametersOf(present, wanted) });
      result.updated += 1;
    }
    syncPartitions(crawler, catalog, { databaseName, name }, bucket, table);
  }
  result.deleted = removeGone(crawler, services, new Set(found.map(({ location }) => location)));
  return result;
}

async function filesOfPaths(
  crawler: GlueCrawler,
  { bucketFolder, tell }: CrawlServices,
  signal: AbortSignal,
): Promise<{ bucket: string; prefix: string; files: CrawledFile[] }[]> {
  const reader = await openFileSchemaReader();
  try {
    const folders = [];
    for (const path of crawler.s3Paths) {
      const { bucket, prefix } = splitPath(path);
      const folder = bucketFolder(bucket);
      const excluded = (crawler.exclusions?.[path] ?? []).map(globPattern);
      const files: CrawledFile[] = [];
      for (const key of keysBelow(folder, prefix)) {
        signal.throwIfAborted();
        if (isHidden(key.slice(prefix.length))) continue;
        if (excluded.some((pattern) => pattern.test(key.slice(prefix.length)))) continue;
        const file = locate(folder, key);
        if (!file || file.bytes === 0) continue;
        try {
          files.push({ key, bytes: file.bytes, schema: await reader.read(file.path) });
        } catch (error) {
          // To Glue it is a file of an unknown classification, and no reason to stop.
          const detail = (error as Error).message.split('\n')[0];
          const subject = `s3://${bucket}/${key}`;
          tell({ service: 'glue', what: 'file not recognised', subject, detail, level: 'warn' });
        }
      }
      folders.push({ bucket, prefix, files });
    }
    return folders;
  } finally {
    reader.close();
  }
}

function splitPath(path: string): { bucket: string; prefix: string } {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(path) ?? [];
  if (bucket === undefined) throw new Error(`${path} is no S3 path.`);
  return { bucket, prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/` };
}

function keysBelow(folder: string, prefix: string): Iterable<string> {
  const isOnTheWay = (keys: string): boolean => keys.startsWith(prefix) || prefix.startsWith(keys);
  return [...walkKeys(folder, isOnTheWay)].filter((key) => key.startsWith(prefix));
}

// Hive passes over names that begin so, and so does Athena.
function isHidden(key: string): boolean {
  return key.split('/').some((name) => /^[._]/.test(name));
}

/** Undefined for an object that was deleted since. */
function locate(folder: string, key: string): { path: string; bytes: number } | undefined {
  const own = join(folder, pathOfKey(key));
  for (const path of [own, shadowed(own)]) {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isFile()) return { path, bytes: stats.size };
  }
  return undefined;
}

/** https://docs.aws.amazon.com/glue/latest/dg/define-crawler.html#crawler-data-stores-exclude */
function globPattern(glob: string): RegExp {
  const text = glob.replace(/\*\*|[*?]|[.+^${}()|[\]\\]/g, (found) => {
    if (found === '**') return '.*';
    if (found === '*') return '[^/]*';
    return found === '?' ? '[^/]' : `\\${found}`;
  });
  return new RegExp(`^${text}$`);
}

/** https://docs.aws.amazon.com/glue/latest/dg/crawler-table-level.html */
function tableLevelOf({ configuration }: GlueCrawler): number | undefined {
  if (configuration === undefined) return undefined;
  const { Grouping } = JSON.parse(configuration) as {
    Grouping?: { TableLevelConfiguration?: number };
  };
  return Grouping?.TableLevelConfiguration;
}

function isAt(table: CatalogTable, location: string): boolean {
  return table.location?.replace(/\/$/, '') === location.replace(/\/$/, '');
}

function isSame(present: CatalogTable, wanted: NewTable): boolean {
  const schemaOf = ({ columns, partitionKeys }: NewTable): string =>
    JSON.stringify(
      [columns, partitionKeys].map((list) => list.map(({ name, type }) => [name, type])),
    );
  return schemaOf(present) === schemaOf(wanted);
}

function mayUpdate({ updateBehavior = 'UPDATE_IN_DATABASE' }: GlueCrawler): boolean {
  return updateBehavior === 'UPDATE_IN_DATABASE';
}

function parametersOf(present: CatalogTable, wanted: NewTable): Record<string, string> {
  const parameters = { ...present.parameters, ...wanted.parameters };
  delete parameters[DEPRECATED];
  return parameters;
}

function syncPartitions(
  { deleteBehavior = 'DEPRECATE_IN_DATABASE' }: GlueCrawler,
  catalog: GlueCatalog,
  { databaseName, name }: { databaseName: string; name: string },
  bucket: string,
  { partitions }: CrawledTable,
): void {
  const keys = catalog.table(databaseName, name)?.partitionKeys.length ?? 0;
  const wanted = partitions
    // A table that LOG leaves as it was may have other keys than the folders now have.
    .filter(({ values }) => values.length === keys)
    .map(({ values, prefix }) => ({
      values,
      location: `s3://${bucket}/${prefix}`,
      parameters: {},
    }));
  const added = wanted.filter(({ values, location }) => {
    const present = catalog.partition(databaseName, name, values);
    return present?.location !== location;
  });
  catalog.putPartitions(databaseName, name, added);
  if (deleteBehavior !== 'DELETE_FROM_DATABASE') return;
  const there = new Set(wanted.map(({ location }) => location));
  const gone = catalog
    .partitions(databaseName, name)
    .filter(({ location }) => !there.has(location));
  catalog.deletePartitions(
    databaseName,
    name,
    gone.map(({ values }) => values),
  );
}

const DEPRECATED = 'DEPRECATED_BY_CRAWLER';

/** What becomes of the crawler's tables whose files are gone. Returns how many it changed. */
function removeGone(
  { name: crawlerName, databaseName, deleteBehavior = 'DEPRECATE_IN_DATABASE' }: GlueCrawler,
  { catalog, clock, tell }: CrawlServices,
  there: Set<string>,
): number {
  const gone = catalog
    .tables(databaseName)
    .filter(({ parameters }) => parameters[CRAWLER_PROPERTY] === crawlerName)
    .filter(({ location = '' }) => !there.has(location));
  for (const table of gone) {
    const subject = `${databaseName}.${table.name}`;
    if (deleteBehavior === 'DELETE_FROM_DATABASE') catalog.deleteTable(databaseName, table.name);
    else if (deleteBehavior === 'LOG') {
      tell({ service: 'glue', what: 'table has no files', subject, level: 'warn' });
    } else if (table.parameters[DEPRECATED] === undefined) {
      const parameters = { ...table.parameters, [DEPRECATED]: String(clock.now()) };
      catalog.updateTable({ ...table, parameters });
    }
  }
  return deleteBehavior === 'DELETE_FROM_DATABASE' ? gone.length : 0;
}
