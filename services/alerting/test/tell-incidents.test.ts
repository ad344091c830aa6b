import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PublishCommand } from '@aws-sdk/client-sns';
import { createAlerting } from '../src/alerting';
import { decodeEvent } from '../src/event';
import {
  sqsMetric,
  startLocalAlerting,
  stateChange,
  TABLE,
  TICK,
  type LocalAlerting,
} from './local-alerting';

const MINUTE = 60_000;
const QUEUE = 'saleslake-dev-transformer-objects-dlq';
const alarm = {
  name: 'saleslake-dev-transformer-dead-letters',
  description: 'Raw objects could not be transformed.',
  metric: sqsMetric(QUEUE),
};

let local: LocalAlerting;
beforeEach(async () => {
  local = await startLocalAlerting();
  local.createQueue(QUEUE);
  local.send(QUEUE, { a: 1 });
});
afterEach(() => local.close());

const states = () => local.newlySent().map(({ attributes }) => attributes['state']);

/** Has the n-th publishing from now on fail, before or after the message is out. */
function failPublishing(when: 'before' | 'after', times = 1): void {
  let left = times;
  local.clients.sns.middlewareStack.add(
    (next, context) => async (args) => {
      const fails = context['commandName'] === PublishCommand.name && left-- > 0;
      if (fails && when === 'before') throw new Error('lost on the way');
      const answer = await next(args);
      if (fails) throw new Error('died after it was out');
      return answer;
    },
    { step: 'initialize', name: 'failPublishing' },
  );
}

describe('telling of an incident', () => {
  it('is done once, although its event comes twice', async () => {
    await local.change(alarm, 'ALARM');
    await local.change(alarm, 'ALARM');
    expect(states()).toEqual(['ALARM']);
  });

  it('is done once, although its event comes several times at once', async () => {
    await Promise.all(Array.from({ length: 5 }, () => local.change(alarm, 'ALARM')));
    expect(states()).toEqual(['ALARM']);
  });

  it('has the end after the beginning, although both events come at once', async () => {
    const begun = stateChange(alarm, 'ALARM', local.clock.now());
    local.clock.advance(MINUTE);
    const ended = stateChange(alarm, 'OK', local.clock.now());
    await Promise.all([local.alert(ended), local.alert(begun)]);
    expect(['ALARM,OK', 'OK']).toContain(states().join());
  });

  it('is done by the retry where publishing failed', async () => {
    failPublishing('before');
    await expect(local.change(alarm, 'ALARM')).rejects.toThrow('lost on the way');
    await local.change(alarm, 'ALARM');
    expect(states()).toEqual(['ALARM']);
  });

  it('is repeated, never lost, where a death came between publishing and recording', async () => {
    failPublishing('after');
    await expect(local.change(alarm, 'ALARM')).rejects.toThrow('died after');
    await local.change(alarm, 'ALARM');
    expect(states()).toEqual(['ALARM', 'ALARM']);
  });

  it('goes on after whoever claimed it died, once the claim has run out', async () => {
    const gone = createAlerting({
      ...local.options,
      clients: { ...local.clients, sqs: { send: () => new Promise(() => undefined) } as never },
    });
    void gone(decodeEvent(stateChange(alarm, 'ALARM', local.clock.now())));
    // Until it has claimed the incident, which it then sits on.
    while ((await claimedUntil()) === 0) await new Promise((resolve) => setImmediate(resolve));
    await local.change(alarm, 'ALARM');
    expect(states()).toEqual(['ALARM']);
  });

  it('has counts once the time to repeat has passed and there is more', async () => {
    await local.change(alarm, 'ALARM');
    local.clock.advance(30 * MINUTE);
    local.send(QUEUE, { a: 2 });
    await local.alert(TICK);
    expect(states()).toEqual(['ALARM']);
    local.clock.advance(30 * MINUTE);
    await local.alert(TICK);
    expect(local.newlySent()[0]?.subject).toBe(
      '[saleslake dev] STILL transformer dead-letters: 2 dead letters',
    );
    local.clock.advance(60 * MINUTE);
    await local.alert(TICK);
    expect(local.sent).toEqual([]);
  });

  it('of one does not keep a tick from telling of the others', async () => {
    const other = { ...alarm, name: 'saleslake-dev-orders-dead-letters' };
    for (const each of [alarm, other]) await local.change(each, 'ALARM');
    local.newlySent();
    local.send(QUEUE, { a: 2 });
    local.clock.advance(60 * MINUTE);
    failPublishing('before');
    await expect(local.alert(TICK)).rejects.toThrow('1 incidents were not told of.');
    expect(states()).toEqual(['STILL']);
  });
});

it('lets the table forget an incident some time after it is over', async () => {
  await local.change(alarm, 'ALARM');
  expect((await item())?.['expiresAt']).toBeUndefined();
  local.clock.advance(MINUTE);
  await local.change(alarm, 'OK');
  const days = (Number((await item())?.['expiresAt']?.N) * 1000 - local.clock.now()) / 86_400_000;
  expect(days).toBeCloseTo(30);
});

async function item() {
  const Key = { alarm: { S: alarm.name } };
  const { Item } = await local.clients.dynamoDb.send(new GetItemCommand({ TableName: TABLE, Key }));
  return Item;
}

async function claimedUntil(): Promise<number> {
  return Number((await item())?.['claimedUntil']?.N ?? 0);
}
