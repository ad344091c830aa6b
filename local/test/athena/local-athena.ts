import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  type QueryExecution,
  type StartQueryExecutionCommandInput,
} from '@aws-sdk/client-athena';
import { GlueClient } from '@aws-sdk/client-glue';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { openAthena, type Athena } from '../../src/athena/athena';
import type { QueryEngine } from '../../src/athena/query-engine';
import type { Catalog } from '../../src/cloudformation/catalog';
import type { Activity, AwsContext } from '../../src/core/aws-context';
import { AwsError } from '../../src/core/aws-error';
import { realClock, type Clock } from '../../src/core/clock';
import { serveAws } from '../../src/core/http-server';
import { openGlue, type Glue } from '../../src/glue/glue';
import { openS3, type S3 } from '../../src/s3/s3';
import { NOTHING_DECLARED } from '../glue/local-glue';
import { freshStateDir } from '../support/state-dir';
import { until } from '../support/until';

export { freshStateDir } from '../support/state-dir';

export const BUCKET = 'results';
export const OUTPUT = `s3://${BUCKET}/athena/`;
/** A caller that `authorize` lets do what `allowed` holds. */
export const LIMITED_KEY = 'LIMITED';

export interface LocalAthena {
  stateDir: string;
  athena: Athena;
  glue: Glue;
  s3: S3;
  client: AthenaClient;
  limitedClient: AthenaClient;
  glueClient: GlueClient;
  s3Client: S3Client;
  told: Activity[];
  /** What the limited caller may do, such as `athena:GetWorkGroup workgroup/primary`. */
  allowed: string[];
  /** Starts a query with results in OUTPUT; returns its id. */
  submit(input: string | StartQueryExecutionCommandInput): Promise<string>;
  execution(id: string): Promise<QueryExecution>;
  /** The query, when it has ended. */
  ended(id: string): Promise<QueryExecution>;
  /** The first page of a query's rows, when it has ended; null where there is no value. */
  rows(id: string): Promise<(string | null)[][]>;
  /** The text of a result object. */
  object(key: string): Promise<string>;
  close(): Promise<void>;
}

export interface LocalAthenaOptions {
  stateDir?: string;
  declared?: Partial<Catalog>;
  clock?: Clock;
  concurrency?: number;
  /** False: queries stay queued. */
  started?: boolean;
}

/** The local Athena over `openEngine` behind HTTP, with Glue and S3 beside it. */
export async function startAthena(
  openEngine: (glue: Glue, s3: S3) => QueryEngine | Promise<QueryEngine>,
  options: LocalAthenaOptions = {},
): Promise<LocalAthena> {
  const { stateDir = freshStateDir(), clock = realClock, started = true } = options;
  const told: Activity[] = [];
  const allowed: string[] = [];
  let endpoint = '';
  const context: AwsContext = {
    accountId: '000000000000',
    region: 'eu-central-1',
    clock,
    stateDir,
    endpoint: () => endpoint,
    tell: (activity) => told.push(activity),
    authorize(accessKeyId, action, arn) {
      const resource = arn.split(':').slice(5).join(':');
      if (accessKeyId === LIMITED_KEY && !allowed.includes(`${action} ${resource}`)) {
        throw new AwsError('AccessDenied', `${action} on ${arn}`, 403);
      }
    },
  };
  const declared = { ...NOTHING_DECLARED, ...options.declared };
  const s3 = openS3(context, () => undefined);
  s3.createBucket({ name: BUCKET, eventBridge: false });
  s3.createBucket({ name: 'curated', eventBridge: false });
  s3.recover();
  const bucketFolder = (bucket: string): string => s3.bucketFolder(bucket);
  const glue = openGlue(context, declared, { bucketFolder });
  const athena = openAthena(context, {
    openEngine: () => Promise.resolve(openEngine(glue, s3)),
    catalog: glue.catalog,
    declared,
    concurrency: options.concurrency,
  });
  const faults: unknown[] = [];
  const server = await serveAws(
    0,
    ({ service }) =>
      service === 's3' ? s3.handler : service === 'glue' ? glue.handler : athena.handler,
    (error) => faults.push(error),
  );
  endpoint = `http://127.0.0.1:${server.port}`;
  if (started) athena.start();

  const configOf = (accessKeyId: string) => ({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId, secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const client = new AthenaClient(configOf('test'));
  const limitedClient = new AthenaClient(configOf(LIMITED_KEY));
  const glueClient = new GlueClient(configOf('test'));
  const s3Client = new S3Client({ ...configOf('test'), forcePathStyle: true });

  const execution = async (QueryExecutionId: string): Promise<QueryExecution> => {
    const answer = await client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    if (!answer.QueryExecution) throw new Error(`There is no query ${QueryExecutionId}.`);
    return answer.QueryExecution;
  };
  const ended = async (id: string): Promise<QueryExecution> => {
    let last = await execution(id);
    await until(async () => {
      last = await execution(id);
      return !['QUEUED', 'RUNNING'].includes(last.Status?.State ?? '');
    });
    return last;
  };
  return {
    stateDir,
    athena,
    glue,
    s3,
    client,
    limitedClient,
    glueClient,
    s3Client,
    told,
    allowed,
    async submit(input) {
      const query = typeof input === 'string' ? { QueryString: input } : input;
      const { QueryExecutionId = '' } = await client.send(
        new StartQueryExecutionCommand({
          ResultConfiguration: { OutputLocation: OUTPUT },
          ...query,
        }),
      );
      return QueryExecutionId;
    },
    execution,
    ended,
    async rows(QueryExecutionId) {
      const { Status } = await ended(QueryExecutionId);
      expect(Status?.StateChangeReason).toBeUndefined();
      const { ResultSet } = await client.send(new GetQueryResultsCommand({ QueryExecutionId }));
      return (ResultSet?.Rows ?? []).map(({ Data = [] }) =>
        Data.map(({ VarCharValue }) => VarCharValue ?? null),
      );
    },
    async object(Key) {
      const { Body } = await s3Client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
      return Body?.transformToString() ?? '';
    },
    async close() {
      for (const one of [client, limitedClient, glueClient, s3Client]) one.destroy();
      await athena.stop();
      await glue.stop();
      await server.close();
      expect(faults).toEqual([]);
    },
  };
}
