import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import fc from 'fast-check';
import { DELIVERED_AT_ONCE } from './firehose-process';
import { until } from '../support/until';
import { closeAll, errorLines, newFolder, openLocalFirehose, texts } from './local-firehose';

const SEED = 20260102;
const LIVES = 3;
const LONGEST_LIFE_MS = 700;
// The function fails what begins with an x.
const LETTERS = ['a', 'b', 'x'];
const TIMEOUT_MS = 180_000;

let running: ChildProcess | undefined;

afterAll(async () => {
  await kill();
  await closeAll();
});

async function start(stateDir: string): Promise<string> {
  const script = join(__dirname, 'firehose-process.ts');
  running = spawn(process.execPath, ['--require', 'tsx/cjs', script, stateDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await Promise.race([
    once(running.stdout!, 'data'),
    once(running, 'exit').then(([code]) => {
      throw new Error(`The process ended with ${String(code)} before it listened.`);
    }),
  ])) as [Buffer];
  return line.toString().trim();
}

async function kill(): Promise<void> {
  if (running?.exitCode !== null || running.signalCode !== null) return;
  running.kill('SIGKILL');
  await once(running, 'exit');
}

interface Producer {
  acknowledged: string[];
  /** Resolves when a put has failed, as the process was killed. */
  ended: Promise<void>;
}

/** Puts two records at a time. */
function putUntilKilled(client: FirehoseClient, name: string): Producer {
  const acknowledged: string[] = [];
  async function putAll(): Promise<void> {
    for (let count = 0; ; count += 2) {
      const lines = [`${name}-${count}\n`, `${name}-${count + 1}\n`];
      try {
        const Records = lines.map((line) => ({ Data: Buffer.from(line) }));
        await client.send(new PutRecordBatchCommand({ DeliveryStreamName: 'sales', Records }));
        acknowledged.push(...lines);
      } catch {
        return;
      }
    }
  }
  return { acknowledged, ended: putAll() };
}

function lines(bodies: readonly string[]): string[] {
  return bodies.flatMap((body) => body.split(/(?<=\n)/));
}

describe('Firehose, killed while records are put and started again', () => {
  it(
    'has every acknowledged record in just one object, once, and once in the backup',
    async () => {
      const stateDir = newFolder();
      const lives = fc.sample(fc.integer({ min: 100, max: LONGEST_LIFE_MS }), {
        seed: SEED,
        numRuns: LIVES,
      });
      const acknowledged: string[] = [];
      for (const [life, ms] of lives.entries()) {
        const client = new FirehoseClient({
          endpoint: await start(stateDir),
          region: 'us-east-1',
          credentials: { accessKeyId: 'AKIAPERSON', secretAccessKey: 'any' },
          maxAttempts: 1,
        });
        const producers = LETTERS.map((letter) => putUntilKilled(client, `${letter}-${life}`));
        // A life begins when it can be seen: on a busy machine no record may be taken before.
        await until(() => producers.every((producer) => producer.acknowledged.length > 0));
        await delay(ms);
        await kill();
        await Promise.all(producers.map(({ ended }) => ended));
        acknowledged.push(...producers.flatMap((producer) => producer.acknowledged));
        client.destroy();
      }

      const local = await openLocalFirehose({ ...DELIVERED_AT_ONCE, stateDir });
      await local.firehose.flush();
      const objects = await local.objects();
      const good = lines(texts(objects, 'data/'));
      const failed = errorLines(objects, 'processing-failed').map(({ rawData }) =>
        Buffer.from(String(rawData), 'base64').toString(),
      );
      const source = lines(texts(objects, 'source/'));
      for (const delivered of [[...good, ...failed], source]) {
        expect(delivered).toHaveLength(new Set(delivered).size);
        expect(acknowledged.filter((record) => !delivered.includes(record))).toEqual([]);
        // More than those only where a kill cut an answer off: two by each producer.
        const unheard = 2 * LIVES * LETTERS.length;
        expect(delivered.length).toBeLessThanOrEqual(acknowledged.length + unheard);
      }
      expect([...new Set(failed.map((record) => record[0]))]).toEqual(['x']);
    },
    TIMEOUT_MS,
  );
});
