import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  DynamoDBClient,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import fc from 'fast-check';
import { startProcess } from '../support/killable-process';
import { freshStateDir } from '../support/state-dir';
import { clientConfig, readStream, replay, streamArn } from './local-dynamodb';

const SEED = 20250115;
const LIVES = 3;
const LONGEST_LIFE_MS = 600;
const COUNTERS = ['a', 'b', 'c', 'd'];
// Four processes are started one after the other.
const TIMEOUT_MS = 180_000;

const stateDir = freshStateDir();
const start = () => startProcess(join(__dirname, 'dynamodb-process.ts'), stateDir);

const TableName = 'counters';
const increment = (id: string) => ({
  TableName,
  Key: { id: { S: id } },
  UpdateExpression: 'ADD n :one',
  ExpressionAttributeValues: { ':one': { N: '1' } },
});

/** Sends one after the other until one fails, as all do once the process is killed. */
async function sendUntilKilled(send: () => Promise<unknown>): Promise<number> {
  for (let acknowledged = 0; ; acknowledged += 1) {
    try {
      await send();
    } catch {
      return acknowledged;
    }
  }
}

describe('DynamoDB, killed while items are written and started again', () => {
  it(
    'has every write in table and stream exactly once, transactions as a whole',
    async () => {
      const lives = fc.sample(fc.integer({ min: 50, max: LONGEST_LIFE_MS }), {
        seed: SEED,
        numRuns: LIVES,
      });
      const acknowledged = new Map(COUNTERS.map((id) => [id, 0]));
      let transactions = 0;
      for (const life of lives) {
        const running = await start();
        const client = new DynamoDBClient(clientConfig(running.endpoint));
        // A life begins when it can be seen: on a busy machine no write may come through before.
        await client.send(new UpdateItemCommand(increment('first')));
        const writers = COUNTERS.map(async (id) => {
          const sent = await sendUntilKilled(() =>
            client.send(new UpdateItemCommand(increment(id))),
          );
          acknowledged.set(id, (acknowledged.get(id) ?? 0) + sent);
        });
        const TransactItems = ['x', 'y'].map((id) => ({ Update: increment(id) }));
        const transactor = sendUntilKilled(() =>
          client.send(new TransactWriteItemsCommand({ TransactItems })),
        );
        await delay(life);
        await running.kill();
        await Promise.all(writers);
        transactions += await transactor;
        client.destroy();
      }

      const config = clientConfig((await start()).endpoint);
      const client = new DynamoDBClient(config);
      const streamsClient = new DynamoDBStreamsClient(config);
      const { Items = [] } = await client.send(new ScanCommand({ TableName }));
      const records = await readStream(streamsClient, streamArn(TableName));
      client.destroy();
      streamsClient.destroy();

      const table = new Map(Items.map((item) => [item['id']?.S ?? '', item]));
      expect(replay(records)).toEqual(table);
      const counted = (id: string) => Number(table.get(id)?.['n']?.N ?? 0);
      // What was under way at a kill, one write of each writer, may have been carried out.
      for (const [id, sent] of acknowledged) {
        expect(counted(id)).toBeGreaterThanOrEqual(sent);
        expect(counted(id)).toBeLessThanOrEqual(sent + LIVES);
      }
      expect(counted('x')).toBe(counted('y'));
      expect(counted('x')).toBeGreaterThanOrEqual(transactions);
      expect(counted('x')).toBeLessThanOrEqual(transactions + LIVES);
      expect(records.length).toBeGreaterThan(LIVES);
    },
    TIMEOUT_MS,
  );
});
