import { createReadStream, existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { formatDate } from '@saleslake/shared/contract/timestamp';
import { manifestKey, type Manifest } from '@saleslake/shared/lake/manifest';
import { parseQuarantineFile } from '@saleslake/shared/lake/quarantine';
import { readManifest } from '@saleslake/shared/lake/read-manifest';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { findTable, tables } from '@saleslake/shared/tables/index';
import { bucketNames } from '../local-names';
import { s3ClientOf, waitFor, withLocalAws } from './local-connection';
import type { Project } from './project';
import { answer, formatBytes, formatCount, step } from './terminal';

const EXTENSIONS: readonly [string, string][] = [
  ['.json.gz', '.json.gz'],
  ['.ndjson.gz', '.json.gz'],
  ['.jsonl.gz', '.json.gz'],
  ['.json', '.json'],
  ['.ndjson', '.json'],
  ['.jsonl', '.json'],
];
const SHOWN_REJECTIONS = 5;
const DAY_MS = 86_400_000;

/**
 * `saleslake put`: a file into the raw zone, under today's date and its own name; waits until it is
 * transformed and says what became of it.
 * @returns whether every record of it was good.
 */
export async function put(
  project: Project,
  file: string,
  { table, timeoutSeconds }: { table: string; timeoutSeconds: number },
): Promise<boolean> {
  const key = rawKeyFor(file, table);
  return withLocalAws(project, async (endpoint) => {
    const s3 = s3ClientOf(endpoint);
    const buckets = bucketNames();
    const { raw, curated } = buckets;
    const size = statSync(file).size;
    const uploading = step('Put into the raw zone');
    const { ETag: etag } = await s3.send(
      new PutObjectCommand({
        Bucket: raw,
        Key: key,
        Body: createReadStream(file),
        ContentLength: size,
      }),
    );
    uploading.done(`s3://${raw}/${key} ${formatBytes(size)}`);
    const transforming = step('Transform');
    const manifest = await waitFor(`the manifest of ${key}`, timeoutSeconds * 1000, async () => {
      const found = await readManifest(s3, buckets, key);
      const ready = found?.state === 'complete' && found.etag === etag?.replaceAll('"', '');
      return ready ? found : undefined;
    });
    transforming.done(`${formatCount(manifest.rows.in)} records`);
    answer(await describe(s3, curated, manifest));
    return manifest.rows.quarantined === 0;
  });
}

function rawKeyFor(file: string, table: string): string {
  if (!existsSync(file) || !statSync(file).isFile()) {
    throw new SaleslakeError('NoSuchFile', `There is no file ${file}.`);
  }
  if (!findTable(table)) {
    const names = tables.map(({ name }) => name).join(', ');
    throw new SaleslakeError('NoSuchTable', `There is no table ${table}; there is: ${names}.`);
  }
  const name = basename(file);
  const extension = EXTENSIONS.find(([suffix]) => name.endsWith(suffix));
  if (!extension) {
    const known = EXTENSIONS.map(([suffix]) => suffix).join(', ');
    throw new SaleslakeError('UnknownFormat', `${file} does not end in one of ${known}.`);
  }
  const stem = name.slice(0, -extension[0].length);
  const today = formatDate(Math.floor(Date.now() / DAY_MS));
  return `raw/${table}/date=${today}/${stem}${extension[1]}`;
}

async function describe(s3: S3Client, curated: string, manifest: Manifest): Promise<string> {
  const { rows, outputs, table, source } = manifest;
  const lines = [
    '',
    `in          ${formatCount(rows.in)}`,
    `good        ${formatCount(rows.good)}`,
    `quarantined ${formatCount(rows.quarantined)}`,
    `duplicates  ${formatCount(rows.duplicates)}`,
    '',
  ];
  for (const output of outputs) {
    if (output.rows === 0) continue;
    lines.push(`s3://${curated}/${output.key}  ${formatCount(output.rows)}`);
    if (!output.key.startsWith('quarantine/')) continue;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: curated, Key: output.key }));
    const rejected = parseQuarantineFile((await Body?.transformToString()) ?? '');
    lines.push(...rejected.slice(0, SHOWN_REJECTIONS).map(({ reasons }) => `  ${reasons}`));
    const more = rejected.length - SHOWN_REJECTIONS;
    if (more > 0) lines.push(`  … and ${formatCount(more)} more`);
  }
  lines.push(`s3://${curated}/${manifestKey(table, source)}`, '');
  return lines.join('\n');
}
