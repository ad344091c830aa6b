import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { readManifest } from '@saleslake/shared/lake/read-manifest';
import { s3ClientOf, waitFor } from '../src/cli/local-connection';
import { bucketNames } from '../src/local-names';
import { startProjectAws, type ProjectAws } from './support/project-aws';

// sls takes seconds to start, on a busy machine a minute.
const TIMEOUT_MS = 300_000;
const TICK = 'raw/transactions/date=2026-03-01/tick-20260301T180500Z-8aa206d2f210e30b.json';
const { raw, curated } = bucketNames();

let local: ProjectAws;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  local = await startProjectAws();
}, TIMEOUT_MS);

afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await local.close();
});

interface Command {
  child: ChildProcess;
  printed: () => string;
  /** The code that it ended with. */
  closed: Promise<number | null>;
}

function sls(service: string, ...args: string[]): Command {
  const { root } = local.project;
  const child = spawn(
    process.execPath,
    [join(root, 'node_modules', 'serverless', 'bin', 'serverless.js'), ...args],
    {
      cwd: join(root, 'services', service),
      env: { ...process.env, AWS_ENDPOINT_URL: local.aws.endpoint },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  running.add(child);
  // From the start: an end of the past is not told again.
  const closed = once(child, 'close').then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  }
  return { child, printed: () => printed, closed };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

// One after the other: serverless-esbuild builds every command of a service in the same folder.
describe('sls, beside a running local AWS', () => {
  it(
    'invokes the generator, which writes the tick of the recorded event into the raw zone',
    async () => {
      const command = sls(
        'generator',
        'invoke',
        'local',
        '-f',
        'generate',
        '--path',
        'events/tick.json',
      );
      const code = await command.closed;
      expect({ code, printed: command.printed() }).toMatchObject({ code: 0 });
      const s3 = s3ClientOf(local.aws.endpoint);
      const head = await s3.send(new HeadObjectCommand({ Bucket: raw, Key: TICK }));
      // What the transformer's recorded event says of it.
      expect(head.ETag).toBe('"210d4b6b2f5385a616ed81f59726b98d"');
    },
    TIMEOUT_MS,
  );

  it(
    'invokes the transformer, which publishes the object of the recorded event',
    async () => {
      await local.aws.settled();
      const command = sls(
        'transformer',
        'invoke',
        'local',
        '-f',
        'transform',
        '--path',
        'events/object-created.json',
      );
      const code = await command.closed;
      expect({ code, printed: command.printed() }).toEqual({
        code: 0,
        printed: expect.stringContaining('object published') as string,
      });
      const manifest = await readManifest(s3ClientOf(local.aws.endpoint), { raw, curated }, TICK);
      expect(manifest).toMatchObject({ sequencer: 'FFFFFFFFFFFFFFFFFF', state: 'complete' });
    },
    TIMEOUT_MS,
  );

  /** What a function answers, which sls prints last. */
  async function answerOf(service: string, name: string, event: string): Promise<unknown> {
    const command = sls(service, 'invoke', 'local', '-f', name, '--path', `events/${event}`);
    const code = await command.closed;
    expect({ code, printed: command.printed() }).toMatchObject({ code: 0 });
    return JSON.parse(/^\{$[^]*^\}$/m.exec(command.printed())![0]);
  }

  it.each([
    ['transactions.json', ['Ok', 'Ok', 'Ok']],
    ['order-changes.json', ['Ok', 'Ok', 'Ok', 'Ok', 'ProcessingFailed']],
  ])(
    'invokes the transformer of Firehose with the records of %s',
    async (event, results) => {
      const answer = await answerOf('firehose-transformer', 'transform', event);
      expect(answer).toMatchObject({ records: results.map((result) => ({ result })) });
    },
    TIMEOUT_MS,
  );

  it(
    'invokes orders, which changes the table, and nothing more when invoked again',
    async () => {
      const counts = { inserted: 1000, modified: 1834, removed: 166 };
      expect(await answerOf('orders', 'change', 'change.json')).toEqual(counts);
      const none = { inserted: 0, modified: 0, removed: 0 };
      expect(await answerOf('orders', 'change', 'change.json')).toEqual(none);
    },
    TIMEOUT_MS,
  );

  it(
    'has the event sources call the transformer in the process of sls offline',
    async () => {
      const lambdaPort = String(await freePort());
      const offline = sls('transformer', 'offline', '--lambdaPort', lambdaPort);
      try {
        const joined = (): Promise<true | undefined> =>
          Promise.resolve(offline.printed().includes('Joined the local AWS') || undefined);
        await waitFor('sls offline', TIMEOUT_MS, joined);
        const key = 'raw/transactions/date=2026-03-02/offline.json';
        const s3 = s3ClientOf(local.aws.endpoint);
        await s3.send(new PutObjectCommand({ Bucket: raw, Key: key, Body: '{}\n' }));
        await local.aws.settled();
        expect(offline.printed()).toMatch(/"message":"object published".*offline\.json/);
        expect(await readManifest(s3, { raw, curated }, key)).toMatchObject({
          rows: { in: 1, quarantined: 1 },
        });
      } finally {
        offline.child.kill('SIGKILL');
        await offline.closed;
      }
    },
    TIMEOUT_MS,
  );

  it('runs functions here again once sls offline has ended', async () => {
    const s3 = s3ClientOf(local.aws.endpoint);
    const key = 'raw/transactions/date=2026-03-02/after.json';
    await s3.send(new PutObjectCommand({ Bucket: raw, Key: key, Body: '{}\n' }));
    await local.aws.settled();
    expect(await readManifest(s3, { raw, curated }, key)).toMatchObject({ state: 'complete' });
  });
});
