import { createHash } from 'node:crypto';
import type { FileSchema } from './file-schema';
import type { GlueColumn } from './glue-catalog';
import { commonType } from './hive-type';

/** An object that a crawler has read. */
export interface CrawledFile {
  key: string;
  bytes: number;
  schema: FileSchema;
}

/** A table that a crawler makes of a folder. */
export interface CrawledTable {
  name: string;
  /** The key prefix of its folder, ending in `/` unless it is the bucket; a lone file's key. */
  prefix: string;
  schema: FileSchema;
  /** Names; Glue has each as a string. */
  partitionKeys: string[];
  partitions: { values: string[]; prefix: string }[];
  files: number;
  bytes: number;
}

interface Folder {
  name: string;
  prefix: string;
  files: CrawledFile[];
  folders: Map<string, Folder>;
  /** The schemas of the files here and below, each once. */
  schemas: Map<string, FileSchema>;
}

// https://docs.aws.amazon.com/glue/latest/dg/crawler-s3-folder-table-partition.html
const SIMILAR = 0.7;

/**
 * Which folders are tables and which are partitions of one, as Glue's crawlers decide: a folder
 * below which the files are alike is a table, and the folders below it are its partitions, named
 * by `key=value` or `partition_0`. Where they differ, the folders below are looked at each by
 * itself, and files of such a folder are tables each.
 *
 * @param files those below `prefix`
 * @param tableLevel the level of the folders that are tables whatever is in them, the bucket
 * being level 1
 */
export function tablesOfFolder(
  bucket: string,
  prefix: string,
  files: readonly CrawledFile[],
  tableLevel?: number,
): CrawledTable[] {
  const rootName = prefix.split('/').filter(Boolean).at(-1) ?? bucket;
  const root = newFolder(rootName, prefix);
  for (const file of files) add(root, file);
  if (tableLevel === undefined) return tablesIn(root);
  return atLevel(root, tableLevel - levelOf(prefix)).map(tableOf);
}

function newFolder(name: string, prefix: string): Folder {
  return { name, prefix, files: [], folders: new Map(), schemas: new Map() };
}

function add(root: Folder, file: CrawledFile): void {
  const { format, columns } = file.schema;
  const schemaKey = JSON.stringify([format, columns]);
  const names = file.key.slice(root.prefix.length).split('/').slice(0, -1);
  let folder = root;
  folder.schemas.set(schemaKey, file.schema);
  for (const name of names) {
    const inner = folder.folders.get(name) ?? newFolder(name, `${folder.prefix}${name}/`);
    folder.folders.set(name, inner);
    folder = inner;
    folder.schemas.set(schemaKey, file.schema);
  }
  folder.files.push(file);
}

function levelOf(prefix: string): number {
  return 1 + prefix.split('/').filter(Boolean).length;
}

function atLevel(folder: Folder, below: number): Folder[] {
  if (below <= 0) return [folder];
  return [...folder.folders.values()].flatMap((inner) => atLevel(inner, below - 1));
}

function tablesIn(folder: Folder): CrawledTable[] {
  const inner = [...folder.folders.values()];
  const [only] = inner;
  if (folder.schemas.size === 0) return [];
  // A folder that has no other beside it is not yet a partition of anything, unless it says so.
  if (folder.files.length === 0 && inner.length === 1 && only && !only.name.includes('=')) {
    return tablesIn(only);
  }
  if (areAlike([...folder.schemas.values()])) return [tableOf(folder)];
  return [...folder.files.map(tableOfFile), ...inner.flatMap(tablesIn)];
}

function areAlike([first, ...others]: FileSchema[]): boolean {
  return others.every(
    (other) => first?.format === other.format && likeness(first, other) >= SIMILAR,
  );
}

/** Of the names of columns that either has, how many both have. */
function likeness(a: FileSchema, b: FileSchema): number {
  const names = new Set(a.columns.map(({ name }) => name));
  const shared = b.columns.filter(({ name }) => names.has(name)).length;
  const all = a.columns.length + b.columns.length - shared;
  return all === 0 ? 1 : shared / all;
}

function tableOf(folder: Folder): CrawledTable {
  const files = filesBelow(folder);
  const leaves = leavesBelow(folder);
  const depth = leaves[0]?.length ?? 0;
  // Files at several depths have no keys in common: the table reads the whole folder.
  const isPartitioned = leaves.every((leaf) => leaf.length === depth);
  const partitionKeys = isPartitioned ? keysOf(leaves) : [];
  const partitions = partitionKeys.length === 0 ? [] : leaves.map(partitionOf);
  return {
    name: tableName(folder.name),
    prefix: folder.prefix,
    schema: merged(
      files.map(({ schema }) => schema),
      partitionKeys,
    ),
    partitionKeys,
    partitions,
    files: files.length,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function tableOfFile(file: CrawledFile): CrawledTable {
  return {
    name: tableName(file.key.slice(file.key.lastIndexOf('/') + 1)),
    prefix: file.key,
    schema: file.schema,
    partitionKeys: [],
    partitions: [],
    files: 1,
    bytes: file.bytes,
  };
}

function filesBelow(folder: Folder): CrawledFile[] {
  return [...folder.files, ...[...folder.folders.values()].flatMap(filesBelow)];
}

/** The ways from a table's folder to those with files in them. */
function leavesBelow(folder: Folder): Folder[][] {
  const below = [...folder.folders.values()].flatMap((inner) =>
    leavesBelow(inner).map((way) => [inner, ...way]),
  );
  return folder.files.length > 0 ? [[], ...below] : below;
}

function keysOf(leaves: Folder[][]): string[] {
  return (leaves[0] ?? []).map((_, level) => {
    const keys = new Set(leaves.map((way) => splitPair(way[level]?.name ?? '').key));
    const [key] = keys;
    return keys.size === 1 && key !== undefined ? key : `partition_${level}`;
  });
}

function partitionOf(way: Folder[]): { values: string[]; prefix: string } {
  return {
    values: way.map(({ name }) => splitPair(name).value),
    prefix: way.at(-1)?.prefix ?? '',
  };
}

function splitPair(name: string): { key?: string; value: string } {
  const at = name.indexOf('=');
  if (at <= 0) return { value: name };
  // Hive escapes what a path cannot hold as it stands.
  return { key: name.slice(0, at).toLowerCase(), value: unescapeHive(name.slice(at + 1)) };
}

function unescapeHive(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** Every column that a file has, in the order of their appearance, with a type that holds all. */
function merged(schemas: FileSchema[], partitionKeys: string[]): FileSchema {
  const types = new Map<string, string>();
  for (const { columns } of schemas) {
    for (const { name, type } of columns) {
      const known = types.get(name);
      types.set(name, known === undefined ? type : commonType(known, type));
    }
  }
  for (const key of partitionKeys) types.delete(key);
  const columns: GlueColumn[] = [...types].map(([name, type]) => ({ name, type }));
  const [first = { format: 'csv' as const, gzip: false }] = schemas;
  return { ...first, columns };
}

/** Glue's names of tables are lower case, of letters, digits and `_`. */
export function tableName(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '_');
}

/** A name for a table whose own another table has already. */
export function distinctName(name: string, location: string): string {
  return `${name}_${createHash('md5').update(location).digest('hex')}`;
}
