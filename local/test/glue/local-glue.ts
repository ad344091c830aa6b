import { join } from 'node:path';
import { GlueClient } from '@aws-sdk/client-glue';
import type { Catalog } from '../../src/cloudformation/catalog';
import type { Activity, AwsContext } from '../../src/core/aws-context';
import { AwsError } from '../../src/core/aws-error';
import { ManualClock } from '../../src/core/clock';
import { serveAws } from '../../src/core/http-server';
import { openGlue, type Glue } from '../../src/glue/glue';
import { freshStateDir } from '../support/state-dir';

export const START = Date.UTC(2025, 0, 15, 12);
export const ACCOUNT = '000000000000';
/** A caller that `authorize` asks about, and lets do what `allowed` holds. */
export const LIMITED_KEY = 'LIMITED';

export interface LocalGlue {
  stateDir: string;
  glue: Glue;
  client: GlueClient;
  limitedClient: GlueClient;
  clock: ManualClock;
  told: Activity[];
  /** What the limited caller may do, such as `glue:GetTable catalog`. */
  allowed: string[];
  bucketFolder: (bucket: string) => string;
  close(): Promise<void>;
}

export const NOTHING_DECLARED: Catalog = {
  databases: [],
  tables: [],
  crawlers: [],
  workgroups: [],
};

/** The local Glue behind HTTP, over `stateDir`, with time held. Buckets are folders of it. */
export async function startGlue(
  declared: Partial<Catalog> = {},
  stateDir = freshStateDir(),
): Promise<LocalGlue> {
  const told: Activity[] = [];
  const allowed: string[] = [];
  const clock = new ManualClock(START);
  const context: AwsContext = {
    accountId: ACCOUNT,
    region: 'eu-central-1',
    clock,
    stateDir,
    endpoint: () => 'http://127.0.0.1:4566',
    tell: (activity) => told.push(activity),
    authorize(accessKeyId, action, arn) {
      const resource = arn.replace(`arn:aws:glue:eu-central-1:${ACCOUNT}:`, '');
      if (accessKeyId === LIMITED_KEY && !allowed.includes(`${action} ${resource}`)) {
        throw new AwsError('AccessDenied', `${action} on ${arn}`, 403);
      }
    },
  };
  const bucketFolder = (bucket: string): string => {
    if (bucket === 'none') throw new AwsError('NoSuchBucket', `There is no bucket ${bucket}.`, 404);
    return join(stateDir, 's3', bucket);
  };
  const glue = openGlue(context, { ...NOTHING_DECLARED, ...declared }, { bucketFolder });
  const faults: unknown[] = [];
  const server = await serveAws(
    0,
    () => glue.handler,
    (error) => faults.push(error),
  );
  const clients: GlueClient[] = [];
  const clientOf = (accessKeyId: string): GlueClient => {
    const client = new GlueClient({
      endpoint: `http://127.0.0.1:${server.port}`,
      region: 'eu-central-1',
      credentials: { accessKeyId, secretAccessKey: 'test' },
      maxAttempts: 1,
    });
    clients.push(client);
    return client;
  };
  return {
    stateDir,
    glue,
    client: clientOf('test'),
    limitedClient: clientOf(LIMITED_KEY),
    clock,
    told,
    allowed,
    bucketFolder,
    async close() {
      for (const client of clients) client.destroy();
      await server.close();
      await glue.stop();
      expect(faults).toEqual([]);
    },
  };
}
