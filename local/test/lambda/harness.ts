import { EventEmitter, once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LambdaClient } from '@aws-sdk/client-lambda';
import type { Activity, AwsContext } from '../../src/core/aws-context';
import { ManualClock } from '../../src/core/clock';
import { serveAws } from '../../src/core/http-server';
import { openIam, type PolicyDocument } from '../../src/iam/iam';
import {
  openLambda,
  type FunctionConfig,
  type Lambda,
  type LambdaOptions,
  type MessageAttributes,
} from '../../src/lambda/lambda';
import { freshStateDir } from '../support/state-dir';

export const ROLE = 'arn:aws:iam::123456789012:role/fn-role';
export const START = Date.parse('2026-01-02T03:04:05.000Z');
const EVERYTHING: PolicyDocument = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };

export interface Delivery {
  arn: string;
  body: unknown;
  attributes?: MessageAttributes;
}

export interface Harness {
  lambda: Lambda;
  client: LambdaClient;
  clock: ManualClock;
  stateDir: string;
  deliveries: Delivery[];
  told: Activity[];
  endpoint: string;
  /** Resolves when the next activity of that name is told. */
  tells: (what: string) => Promise<Activity>;
  /** Creates the function `fn` whose module is `code`. */
  create: (code: string, config?: Partial<FunctionConfig>) => FunctionConfig;
  clientAs: (accessKeyId: string) => LambdaClient;
  /** Replaces what the role of `fn` may do, which is everything; returns the role's key. */
  policies: (...policies: PolicyDocument[]) => string;
}

const opened: { close(): Promise<void> }[] = [];
const folders: string[] = [];

/** A Lambda of its own behind a real HTTP endpoint; `closeAll` ends it. */
export async function openHarness(
  options: Partial<LambdaOptions> & { stateDir?: string; clock?: ManualClock } = {},
): Promise<Harness> {
  const stateDir = options.stateDir ?? newFolder();
  const clock = options.clock ?? new ManualClock(START);
  const iam = openIam();
  iam.createRole({ arn: ROLE, policies: [EVERYTHING] });
  const told: Activity[] = [];
  const telling = new EventEmitter();
  const deliveries: Delivery[] = [];
  const context: AwsContext = {
    accountId: '123456789012',
    region: 'eu-central-1',
    clock,
    stateDir,
    endpoint: () => endpoint,
    tell(activity) {
      told.push(activity);
      telling.emit(activity.what, activity);
    },
    authorize: (key, action, arn) => iam.authorize(key, action, arn),
  };
  const lambda = openLambda(context, {
    credentialsFor: (role) => iam.credentialsFor(role),
    deliver: (arn, body, attributes) => deliveries.push({ arn, body, attributes }),
    graceMs: 50,
    ...options,
  });
  const server = await serveAws(
    0,
    () => lambda.handler,
    (error) => telling.emit('error', error),
  );
  const endpoint = `http://127.0.0.1:${server.port}`;
  const clientAs = (accessKeyId: string): LambdaClient =>
    new LambdaClient({
      endpoint,
      region: 'eu-central-1',
      credentials: { accessKeyId, secretAccessKey: 'any' },
      maxAttempts: 1,
    });
  opened.push({
    async close() {
      await lambda.stop();
      await server.close();
    },
  });
  return {
    lambda,
    client: clientAs('AKIAPERSON'),
    clock,
    stateDir,
    deliveries,
    told,
    endpoint,
    tells: async (what) => ((await once(telling, what)) as [Activity])[0],
    create(code, config = {}) {
      const full = { ...functionOf(code), ...config };
      lambda.createFunction(full);
      return full;
    },
    clientAs,
    policies(...policies) {
      iam.createRole({ arn: ROLE, policies });
      return iam.credentialsFor(ROLE).accessKeyId;
    },
  };
}

/** The function `fn` with its code in a folder of its own. */
export function functionOf(code: string): FunctionConfig {
  const codeFolder = newFolder();
  writeModule(codeFolder, 'src/handler.js', code);
  return {
    name: 'fn',
    arn: 'arn:aws:lambda:eu-central-1:123456789012:function:fn',
    handler: 'src/handler.handler',
    codeFolder,
    memoryMb: 128,
    timeoutSeconds: 10,
    environment: {},
    roleArn: ROLE,
    async: { maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600 },
  };
}

/** The code of `await gate()`, by which a handler waits until the test lets it go on. */
export function closedGate(): { code: string; open: () => void } {
  const path = join(newFolder(), 'open');
  const code = `async function gate() {
    while (!require('fs').existsSync(${JSON.stringify(path)})) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }`;
  return { code, open: () => writeFileSync(path, '') };
}

export function writeModule(folder: string, path: string, code: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), code);
}

export function newFolder(): string {
  const folder = freshStateDir();
  folders.push(folder);
  return folder;
}

/** Ends everything that the test file opened. */
export async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map((harness) => harness.close()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}
