import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { dayRange } from '../../src/operate/day-range';
import { planReplay } from '../../src/operate/replay-days';
import { replayObjects } from '../../src/operate/replay-objects';
import { replayBackup } from '../../src/operate/stream-backup';
import { localStage, type Stage } from '../../src/stage';
import { startProjectAws, type ProjectAws } from '../support/project-aws';
import { ask, putRaw, sale } from './lake';

const WAIT = { wait: true, patienceMs: 50_000 };
const today = new Date().toISOString().slice(0, 10);

let local: ProjectAws;
let stage: Stage;

beforeAll(async () => {
  local = await startProjectAws();
  stage = localStage(local.aws.endpoint);
}, 60_000);

afterAll(() => local.close());

const planned = async (from: string, to: string): Promise<string[]> =>
  (await planReplay(stage, 'transactions', dayRange(from, to))).objects.map(({ key }) => key);

describe('days of a table', () => {
  const inKey = 'raw/transactions/date=2026-03-01/of-the-day.json';
  const undated = 'raw/transactions/whenever.json';
  const other = 'raw/transactions/date=2026-03-05/other.json';

  beforeAll(async () => {
    await putRaw(stage, inKey, sale('a-1') + sale('a-2', { quantity: 0 }));
    await putRaw(stage, undated, sale('b-1') + sale('b-2', { timestamp: '2026-03-09T00:00:00Z' }));
    await putRaw(stage, other, sale('c-1', { timestamp: '2026-03-05T10:00:00Z' }));
    await putRaw(stage, 'raw/transactions/date=2026-03-01/readme.txt', 'not for the transformer');
    await local.aws.settled();
  });

  it('are of the objects that are dated so, and of those that wrote rows of them', async () => {
    expect(await planned('2026-02-20', '2026-03-02')).toEqual([inKey, undated]);
    expect(await planned('2026-03-09', '2026-03-09')).toEqual([undated]);
    expect(await planned('2026-03-05', '2026-03-05')).toEqual([other]);
  });

  it('that there is nothing of are said to have nothing', async () => {
    await expect(planned('2020-01-01', '2020-01-31')).rejects.toThrow(
      'There is nothing of transactions from 2020-01-01 to 2020-01-31.',
    );
  });

  it('twice in a row leave the same rows, also while new data arrive', async () => {
    const sums = (): Promise<(string | null)[][]> =>
      ask(
        stage,
        `SELECT count(*), count(DISTINCT transaction_id), sum(total_amount) FROM transactions
         WHERE transaction_id NOT LIKE 'new-%'`,
      );
    const before = await sums();
    let arriving = true;
    let arrived = 0;
    const arrivals = (async () => {
      for (; arriving && arrived < 30; arrived++) {
        const key = `raw/transactions/date=2026-03-01/new-${arrived}.json`;
        await putRaw(stage, key, sale(`new-${arrived}`));
      }
    })();
    for (let round = 0; round < 2; round++) {
      const done = await replayObjects(stage, [inKey, undated, other], WAIT);
      expect(done.map(({ state, after }) => [state, after?.rows])).toEqual(
        done.map(({ before }) => ['complete', before?.rows]),
      );
    }
    arriving = false;
    await arrivals;
    await local.aws.settled();
    expect(await sums()).toEqual(before);
    expect(
      await ask(stage, `SELECT count(*) FROM transactions WHERE transaction_id LIKE 'new-%'`),
    ).toEqual([[String(arrived)]]);
  });

  it('tell how many objects are under way, and then done', async () => {
    const told: string[] = [];
    await replayObjects(stage, [inKey], {
      ...WAIT,
      progress: (phase, done, of) => told.push(`${phase} ${done}/${of}`),
    });
    expect([told[0], told.at(-1)]).toEqual(['touched 1/1', 'transformed 1/1']);
  });

  it('are left as waiting where nothing is done within the time', async () => {
    const [object] = await replayObjects(stage, [inKey], { wait: true, patienceMs: 0 });
    expect(object?.state).toBe('waiting');
    await local.aws.settled();
  });
});

describe('what came by Firehose', () => {
  it('is refused where its rows would be double', async () => {
    await new FirehoseClient(stage.clientConfig).send(
      new PutRecordBatchCommand({
        DeliveryStreamName: 'saleslake-local-transactions',
        Records: [{ Data: Buffer.from(sale('f-1')) }],
      }),
    );
    await local.aws.firehose.flush();
    await expect(planned(today, today)).rejects.toThrow(/Only objects under raw\/ are replayed/);
  });

  it('is put again where the views take each change once', async () => {
    const client = new DynamoDBClient(stage.clientConfig);
    for (let i = 0; i < 5; i++) {
      const Item = {
        orderId: { S: `order-${i}` },
        product_name: { S: 'Desk {lamp}' },
        quantity: { N: '3' },
        price: { N: '19.90' },
      };
      await client.send(new PutItemCommand({ TableName: 'saleslake-local-orders', Item }));
    }
    await local.aws.settled();
    await local.aws.firehose.flush();
    const history = (): Promise<(string | null)[][]> =>
      ask(stage, 'SELECT * FROM orders_history ORDER BY order_id');
    const files = (): Promise<(string | null)[][]> =>
      ask(stage, 'SELECT count(*) FROM order_events');
    const before = { history: await history(), files: await files() };
    expect(before).toMatchObject({ history: { length: 5 }, files: [['5']] });

    const { backup } = await planReplay(stage, 'order_events', dayRange(today, today));
    const replayed = await replayBackup(stage, 'order_events', backup, () => {});
    expect(replayed).toMatchObject({ records: 5, unread: 0 });
    await local.aws.settled();
    await local.aws.firehose.flush();
    expect({ history: await history(), files: await files() }).toEqual({
      history: before.history,
      files: [['10']],
    });
  });
});

it('names the tables where there is no such table', async () => {
  await expect(planReplay(stage, 'sales', dayRange(today, today))).rejects.toThrow(
    'There is no table sales; there is: transactions, customers, order_events.',
  );
});
