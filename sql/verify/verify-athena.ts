import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { DeleteObjectsCommand, paginateListObjectsV2, PutObjectCommand } from '@aws-sdk/client-s3';
import { runQuery } from '../../local/src/query/run-query';
import type { QueryTarget } from '../../local/src/query/query-target';
import { ddlFiles } from '../ddl-files';
import { sqlFiles } from '../lint/lint-folder';
import {
  asGolden,
  goldenCases,
  queryFile,
  readGolden,
  SQL,
  statementOf,
  writeLake,
  type GoldenCase,
  type Lake,
} from '../test/golden';

/** How one golden fared: what went wrong, or undefined where Athena says the same. */
export interface Verdict {
  golden: string;
  problem: string | undefined;
}

export interface VerifyOptions {
  /** Its database is where statements are run that are about databases. */
  target: Omit<QueryTarget, 'stage'>;
  /** Where the fixtures go for the time being: an S3 URI with a slash at its end. */
  location: string;
  /** Names the databases, one a lake, and the folders of this run. */
  id: string;
  /** All of them, where nothing is said. */
  cases?: readonly GoldenCase[];
  tell?: (verdict: Verdict) => void;
}

/**
 * Holds an Athena against the goldens: uploads the fixtures, creates a database a lake with the
 * tables of sql/ddl and the views, runs every text, compares names and types of the columns and
 * the rows. Removes databases and fixtures again, also where it fails; results stay where the
 * workgroup keeps them.
 * @throws what AWS says where it does not come to running the texts.
 */
export async function verifyAthena(options: VerifyOptions): Promise<Verdict[]> {
  const { cases = goldenCases, tell } = options;
  const lakes = [...new Set(cases.map(({ lake }) => lake))];
  const verdicts: Verdict[] = [];
  try {
    for (const lake of lakes) {
      const target = await createLake(options, lake);
      for (const golden of cases.filter((candidate) => candidate.lake === lake)) {
        const verdict = { golden: golden.golden, problem: await problemOf(target, golden) };
        tell?.(verdict);
        verdicts.push(verdict);
      }
    }
  } finally {
    for (const lake of lakes) {
      const statement = `DROP DATABASE IF EXISTS ${databaseOf(options, lake)} CASCADE`;
      await runQuery({ ...options.target, stage: lake }, statement);
    }
    await removeObjects(options);
  }
  return verdicts;
}

function databaseOf({ id }: VerifyOptions, lake: Lake): string {
  return `saleslake_verify_${id}_${lake}`;
}

async function createLake(options: VerifyOptions, lake: Lake): Promise<QueryTarget> {
  const location = `${options.location}${options.id}/${lake}/`;
  await upload(options, lake, location);
  const database = databaseOf(options, lake);
  await runQuery({ ...options.target, stage: lake }, `CREATE DATABASE ${database}`);
  const target = { ...options.target, database, stage: lake };
  for (const ddl of ddlFiles().values()) {
    await runQuery(target, ddl.replaceAll(/s3:\/\/<(curated|raw)-bucket>\//g, location));
  }
  for (const path of sqlFiles(SQL, 'views')) await runQuery(target, queryFile(path).sql);
  return target;
}

async function upload({ target }: VerifyOptions, lake: Lake, location: string): Promise<void> {
  const { bucket, prefix } = partsOf(location);
  const folder = mkdtempSync(join(tmpdir(), 'saleslake-verify-'));
  try {
    writeLake(folder, lake);
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const key = prefix + relative(folder, path).split(sep).join('/');
      const Body = readFileSync(path);
      await target.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body }));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function problemOf(target: QueryTarget, golden: GoldenCase): Promise<string | undefined> {
  const file = queryFile(golden.path);
  const { sql, parameters } = statementOf(file, golden.parameters);
  try {
    const { columns, rows } = await runQuery(target, sql, { parameters });
    const types = columns.map(({ name, type, precision, scale }) =>
      type === 'decimal' ? `${name} decimal(${precision},${scale})` : `${name} ${type}`,
    );
    const declared = file.columns.map(({ name, type }) => `${name} ${type}`);
    if (types.join() !== declared.join()) {
      return `the columns are ${types.join(', ')}; the header says ${declared.join(', ')}`;
    }
    return difference(asGolden(columns, rows, file), readGolden(golden.golden, file));
  } catch (error) {
    return (error as Error).message;
  }
}

/** The first line in which two texts differ. */
function difference(found: string, expected: string): string | undefined {
  if (found === expected) return undefined;
  const [foundLines, expectedLines] = [found.split('\n'), expected.split('\n')];
  const line = expectedLines.findIndex((text, i) => text !== foundLines[i]);
  const at = line < 0 ? expectedLines.length : line;
  return `line ${at + 1} is ${foundLines[at] ?? 'missing'}; expected ${expectedLines[at] ?? 'none'}`;
}

async function removeObjects({ target, location, id }: VerifyOptions): Promise<void> {
  const { bucket, prefix } = partsOf(`${location}${id}/`);
  const pages = paginateListObjectsV2({ client: target.s3 }, { Bucket: bucket, Prefix: prefix });
  for await (const { Contents = [] } of pages) {
    const Objects = Contents.map(({ Key }) => ({ Key }));
    if (Objects.length === 0) continue;
    await target.s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));
  }
}

function partsOf(location: string): { bucket: string; prefix: string } {
  const [, bucket, prefix] = /^s3:\/\/([^/]+)\/(.*)$/.exec(location) ?? [];
  if (bucket === undefined || prefix === undefined) {
    throw new TypeError(`${location} is no S3 URI such as s3://bucket/folder/`);
  }
  return { bucket, prefix };
}
