import { CreateNamedQueryCommand } from '@aws-sdk/client-athena';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { openQueryEngine } from '@saleslake/local/src/athena/engine/open-query-engine';
import type { QueryEngine } from '@saleslake/local/src/athena/query-engine';
import { memoryCatalog } from '@saleslake/local/test/athena/engine/memory-catalog';
import { BUCKET, OUTPUT, startAthena } from '@saleslake/local/test/athena/local-athena';
import { freshStateDir } from '@saleslake/local/test/support/state-dir';
import {
  parseQualityReport,
  QUALITY_REPORT_KEY,
  type QualityReport,
} from '@saleslake/shared/lake/quality-report';

export { BUCKET, OUTPUT };
export const WORKGROUP = 'checks';
export const DATABASE = 'lake';

/** An invocation with as much of its time left. */
export function invocation(remainingMs = 900_000): Context {
  return { functionName: 'check', getRemainingTimeInMillis: () => remainingMs } as Context;
}

/** DuckDB in a lake without tables. */
export function duckDb(): QueryEngine {
  const catalog = memoryCatalog();
  catalog.createDatabase({ name: DATABASE });
  return openQueryEngine({
    catalog,
    bucketFolder: () => undefined,
    putFile: () => Promise.reject(new Error('Nothing is to be written.')),
    temporaryFolder: freshStateDir(),
    now: () => Date.now(),
  });
}

/**
 * The function over a local Athena and S3 of its own, which logs from that level on; sets this
 * process's environment.
 */
export async function startQuality(engine: QueryEngine, logLevel = 'SILENT') {
  const local = await startAthena(() => engine, {
    // More than the function asks at once.
    concurrency: 5,
    declared: {
      workgroups: [
        { name: WORKGROUP, state: 'ENABLED', outputLocation: OUTPUT, enforceConfiguration: true },
      ],
    },
  });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: await local.client.config.endpoint!().then(
      ({ protocol, hostname, port }) => `${protocol}//${hostname}:${port}`,
    ),
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    POWERTOOLS_LOG_LEVEL: logLevel,
    POWERTOOLS_METRICS_NAMESPACE: 'saleslake/test',
    WORKGROUP,
    CURATED_BUCKET: 'curated',
  });
  jest.resetModules();
  // The handler reads its environment when it is loaded.
  const { handler } = await import('../src/handler');
  return {
    local,
    handler,
    async name(Name: string, QueryString: string): Promise<void> {
      const Description = `Is ${Name} as it should be?`;
      await local.client.send(
        new CreateNamedQueryCommand({
          Name,
          QueryString,
          Description,
          Database: DATABASE,
          WorkGroup: WORKGROUP,
        }),
      );
    },
    async report(): Promise<QualityReport> {
      const { Body } = await local.s3Client.send(
        new GetObjectCommand({ Bucket: 'curated', Key: QUALITY_REPORT_KEY }),
      );
      return parseQualityReport(await Body!.transformToString());
    },
  };
}

export type Quality = Awaited<ReturnType<typeof startQuality>>;
