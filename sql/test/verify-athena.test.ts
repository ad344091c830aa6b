import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { GetDatabasesCommand } from '@aws-sdk/client-glue';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openQueryEngine } from '../../local/src/athena/engine/open-query-engine';
import {
  BUCKET,
  freshStateDir,
  OUTPUT,
  startAthena,
  type LocalAthena,
} from '../../local/test/athena/local-athena';
import { goldenCases, type GoldenCase } from './golden';
import { verifyAthena } from '../verify/verify-athena';

let local: LocalAthena;

beforeAll(async () => {
  const stateDir = freshStateDir();
  local = await startAthena(
    ({ catalog }, s3) =>
      openQueryEngine({
        catalog,
        bucketFolder: (bucket) => (bucket === BUCKET ? s3.bucketFolder(bucket) : undefined),
        putFile: async (Bucket, Key, path) => {
          await local.s3Client.send(
            new PutObjectCommand({ Bucket, Key, Body: readFileSync(path) }),
          );
        },
        temporaryFolder: join(stateDir, 'engine'),
        now: () => Date.now(),
      }),
    {
      stateDir,
      declared: {
        workgroups: [
          { name: 'verify', state: 'ENABLED', outputLocation: OUTPUT, enforceConfiguration: true },
        ],
      },
    },
  );
});

afterAll(() => local.close());

const verify = (cases: readonly GoldenCase[]) =>
  verifyAthena({
    target: {
      athena: local.client,
      s3: local.s3Client,
      workgroup: 'verify',
      database: 'default',
    },
    location: `s3://${BUCKET}/verify/`,
    id: 'test',
    cases,
  });

describe('verifyAthena', () => {
  const some = goldenCases.filter((_, i) => i % 8 === 0);

  it('finds that the local Athena, over its API, answers as the goldens say', async () => {
    const verdicts = await verify(some);
    expect(verdicts.filter(({ problem }) => problem !== undefined)).toEqual([]);
    expect(verdicts).toHaveLength(some.length);
  });

  it('says in which line an answer differs', async () => {
    const path = 'analytics/high-value-transactions.sql';
    const golden = 'analytics/high-value-transactions.csv';
    const [verdict] = await verify([
      { path, golden, lake: 'usual', parameters: { minimum_amount: '450.00' } },
    ]);
    expect(verdict).toEqual({
      golden,
      problem: expect.stringMatching(/^line 3 is t07,.*; expected $/) as unknown,
    });
  });

  it('leaves neither databases nor fixtures behind', async () => {
    await verify(some.slice(0, 1));
    const left = await local.s3Client.send(
      new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'verify/' }),
    );
    const { DatabaseList = [] } = await local.glueClient.send(new GetDatabasesCommand({}));
    expect(left.Contents ?? []).toEqual([]);
    expect(DatabaseList.filter(({ Name }) => Name?.startsWith('saleslake_verify'))).toEqual([]);
  });
});
