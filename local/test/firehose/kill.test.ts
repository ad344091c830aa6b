import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import fc from 'fast-check';
import { startProcess } from '../support/killable-process';
import { until } from '../support/until';
import { DELIVERED_AT_ONCE } from './firehose-process';
import { closeAll, errorLines, newFolder, openLocalFirehose, texts } from './local-firehose';

const SEED = 20260102;
const LIVES = 3;
const LONGEST_LIFE_MS = 700;
// The function fails what begins with an x.
const LETTERS = ['a', 'b', 'x'];
const TIMEOUT_MS = 180_000;

afterAll(closeAll);

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
        const running = await startProcess(join(__dirname, 'firehose-process.ts'), stateDir);
        const client = new FirehoseClient({
          endpoint: running.endpoint,
          region: 'us-east-1',
          credentials: { accessKeyId: 'AKIAPERSON', secretAccessKey: 'any' },
          maxAttempts: 1,
        });
        const producers = LETTERS.map((letter) => putUntilKilled(client, `${letter}-${life}`));
        // A life begins when it can be seen: on a busy machine no record may be taken before.
        await until(() => producers.every((producer) => producer.acknowledged.length > 0));
        await delay(ms);
        await running.kill();
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
