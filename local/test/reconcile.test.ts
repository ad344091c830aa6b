import { PutObjectCommand } from '@aws-sdk/client-s3';
import { formatManifest, manifestKey, type Manifest } from '@saleslake/shared/lake/manifest';
import { s3ClientOf } from '../src/cli/local-connection';
import { bucketNames } from '../src/local-names';
import { reconcile } from '../src/reconcile';
import { startProjectAws, type ProjectAws } from './support/project-aws';

const { raw, curated } = bucketNames();
let local: ProjectAws;

beforeAll(async () => {
  local = await startProjectAws({ working: false });
});

afterAll(() => local.close());

/** Puts a raw object of a table of its own, and its manifest. @returns the object's key */
async function putPair(table: string, manifest?: (etag: string) => Partial<Manifest>) {
  const s3 = s3ClientOf(local.aws.endpoint);
  const key = `raw/${table}/date=2026-03-01/x.json`;
  const { ETag = '' } = await s3.send(
    new PutObjectCommand({ Bucket: raw, Key: key, Body: '{}\n{}\n{}\n{}\n' }),
  );
  if (manifest) {
    const source = { bucket: raw, key };
    const complete: Manifest = {
      source,
      sequencer: '01',
      etag: ETag.replaceAll('"', ''),
      size: 12,
      table,
      contractVersion: 1,
      state: 'complete',
      rows: { in: 4, good: 2, quarantined: 1, duplicates: 1 },
      whole: false,
      reasons: [],
      outputs: [
        { key: 'processed/x/a.parquet', rows: 2 },
        { key: 'quarantine/x/a.json', rows: 1 },
      ],
      ...manifest(ETag),
    };
    await s3.send(
      new PutObjectCommand({
        Bucket: curated,
        Key: manifestKey(table, source),
        Body: formatManifest(complete),
      }),
    );
  }
  const tables = await reconcile(s3, raw, curated);
  return { key, found: tables.find((candidate) => candidate.table === table) };
}

describe('reconcile', () => {
  it('counts an object whose manifest is complete and adds up', async () => {
    const { found } = await putPair('good', () => ({}));
    expect(found).toMatchObject({
      objects: 1,
      pending: [],
      mismatches: [],
      rows: { in: 4, good: 2, quarantined: 1, duplicates: 1 },
    });
  });

  it('has an object without a manifest pending', async () => {
    const { key, found } = await putPair('none');
    expect(found).toMatchObject({ pending: [key], rows: { in: 0 } });
  });

  it('has an object pending whose manifest is being written', async () => {
    const { key, found } = await putPair('writing', () => ({ state: 'writing' }));
    expect(found?.pending).toEqual([key]);
  });

  it('has an object pending whose manifest is of another version', async () => {
    const { key, found } = await putPair('older', () => ({ etag: 'other' }));
    expect(found?.pending).toEqual([key]);
  });

  it('tells of rows that do not add up', async () => {
    const { key, found } = await putPair('lost', () => ({
      rows: { in: 5, good: 2, quarantined: 1, duplicates: 1 },
    }));
    expect(found?.mismatches).toEqual([`${key}: the rows of its manifest do not add up`]);
  });

  it('tells of good rows that were not written', async () => {
    const { key, found } = await putPair('unwritten', () => ({ outputs: [] }));
    expect(found?.mismatches).toEqual([`${key}: 2 good rows, but 0 written`]);
  });
});
