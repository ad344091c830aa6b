import {
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  RemoveTargetsCommand,
  type PutEventsRequestEntry,
} from '@aws-sdk/client-eventbridge';
import { rmSync } from 'node:fs';
import type { Activity, AwsContext } from '../../src/core/aws-context';
import { AwsError } from '../../src/core/aws-error';
import { ManualClock } from '../../src/core/clock';
import type { AwsEvent } from '../../src/core/event';
import { serveAws, type HttpServer } from '../../src/core/http-server';
import {
  latestScheduledTick,
  openEventBridge,
  type MessageAttributes,
} from '../../src/eventbridge/eventbridge';
import type { RuleConfig, RuleTarget } from '../../src/eventbridge/rule';
import { freshStateDir } from '../support/state-dir';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:q';
const DEAD_LETTERS = 'arn:aws:sqs:us-east-1:000000000000:dlq';
const NOWHERE = 'arn:aws:sqs:us-east-1:000000000000:gone';
const NOON = Date.parse('2026-01-01T12:00:00.250Z');
const MINUTE = 60_000;

let stateDir: string;
let clock: ManualClock;
let told: Activity[];
let delivered: { arn: string; payload: unknown }[];
let attributesSent: Record<string, { value: string }>[];

beforeEach(() => {
  stateDir = freshStateDir();
  clock = new ManualClock(NOON);
  told = [];
  delivered = [];
  attributesSent = [];
});

afterEach(() => rmSync(stateDir, { recursive: true }));

function open({
  scheduleClock,
  authorize = () => undefined,
}: { scheduleClock?: ManualClock; authorize?: AwsContext['authorize'] } = {}) {
  const context: AwsContext = {
    accountId: '000000000000',
    region: 'us-east-1',
    clock,
    stateDir,
    endpoint: () => 'http://127.0.0.1',
    tell: (activity) => void told.push(activity),
    authorize,
  };
  const deliver = (arn: string, payload: string, attributes?: MessageAttributes): void => {
    if (arn === NOWHERE) throw new AwsError('NoSuchTarget', 'There is no such queue.');
    delivered.push({ arn, payload: JSON.parse(payload) });
    if (attributes) attributesSent.push(attributes);
  };
  return openEventBridge(context, deliver, scheduleClock);
}

function rule(more: Partial<RuleConfig>): RuleConfig {
  const name = more.name ?? 'r';
  const arn = `arn:aws:events:us-east-1:000000000000:rule/${name}`;
  return { name, arn, state: 'ENABLED', targets: [{ id: 't', arn: QUEUE }], ...more };
}

const patternRule = (target: Partial<RuleTarget> = {}): RuleConfig =>
  rule({
    eventPattern: { source: ['shop'] },
    targets: [{ id: 't', arn: QUEUE, ...target }],
  });

const event = (source: string): AwsEvent => ({
  version: '0',
  id: 'e1',
  'detail-type': 'Sold',
  source,
  account: '000000000000',
  time: '2026-01-01T12:00:00Z',
  region: 'us-east-1',
  resources: [],
  detail: { sku: 'A' },
});

describe('the bus', () => {
  it('delivers an event to every target of every rule that matches', () => {
    const bus = open();
    const second = { id: 'u', arn: DEAD_LETTERS, inputPath: '$.detail' };
    bus.createRule(rule({ eventPattern: { source: ['shop'] } }));
    bus.createRule(
      rule({
        name: 's',
        eventPattern: { detail: { sku: ['A'] } },
        targets: [{ id: 't', arn: QUEUE }, second],
      }),
    );
    bus.createRule(rule({ name: 'other', eventPattern: { source: ['depot'] } }));
    bus.publish(event('shop'));
    expect(delivered).toEqual([
      { arn: QUEUE, payload: event('shop') },
      { arn: QUEUE, payload: event('shop') },
      { arn: DEAD_LETTERS, payload: { sku: 'A' } },
    ]);
  });

  it('does not deliver by a rule that is disabled', () => {
    const bus = open();
    bus.createRule({ ...patternRule(), state: 'DISABLED' });
    bus.publish(event('shop'));
    expect(delivered).toEqual([]);
  });

  it('sends an undeliverable event to the dead-letter queue of the target', () => {
    const bus = open();
    bus.createRule(patternRule({ arn: NOWHERE, deadLetterArn: DEAD_LETTERS }));
    bus.publish(event('shop'));
    expect(delivered).toEqual([{ arn: DEAD_LETTERS, payload: event('shop') }]);
    expect(attributesSent).toMatchObject([
      { TARGET_ARN: { type: 'String', value: NOWHERE }, ERROR_CODE: { value: 'NoSuchTarget' } },
    ]);
  });

  it('tells of an event that is lost', () => {
    const bus = open();
    bus.createRule(patternRule({ arn: NOWHERE }));
    bus.publish(event('shop'));
    const errors = told.filter(({ level }) => level === 'error');
    expect(errors).toMatchObject([{ service: 'events', what: 'undeliverable', subject: 'r' }]);
    expect(errors[0]?.detail).toContain(`${NOWHERE}: There is no such queue.`);
  });

  it('refuses a rule with neither pattern nor schedule', () => {
    expect(() => open().createRule(rule({}))).toThrow(/Rule r has neither/);
  });
});

describe('a schedule', () => {
  const scheduled = (): RuleConfig => rule({ scheduleExpression: 'rate(5 minutes)' });
  const times = (): unknown[] => delivered.map(({ payload }) => (payload as AwsEvent).time);

  it('sends a Scheduled Event, its time to the second', () => {
    const bus = open();
    bus.createRule(scheduled());
    bus.start();
    clock.advance(5 * MINUTE);
    expect(delivered).toEqual([
      {
        arn: QUEUE,
        payload: {
          version: '0',
          id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
          'detail-type': 'Scheduled Event',
          source: 'aws.events',
          account: '000000000000',
          time: '2026-01-01T12:05:00Z',
          region: 'us-east-1',
          resources: ['arn:aws:events:us-east-1:000000000000:rule/r'],
          detail: {},
        },
      },
    ]);
  });

  it('fires every tick until it is stopped', () => {
    const bus = open();
    bus.createRule(scheduled());
    bus.start();
    clock.advance(11 * MINUTE);
    bus.stop();
    clock.advance(60 * MINUTE);
    expect(times()).toEqual(['2026-01-01T12:05:00Z', '2026-01-01T12:10:00Z']);
  });

  it('fires on a clock of its own where it is given one', () => {
    const scheduleClock = new ManualClock(NOON);
    const bus = open({ scheduleClock });
    bus.createRule(scheduled());
    bus.start();
    scheduleClock.advance(5 * MINUTE);
    expect(delivered).toHaveLength(1);
  });

  it('after a restart neither repeats a tick, nor makes up for missed ones, nor shifts', () => {
    const before = open();
    before.createRule(scheduled());
    before.start();
    clock.advance(5 * MINUTE);
    before.stop();
    clock.advance(18 * MINUTE);
    const after = open();
    after.createRule(scheduled());
    after.start();
    clock.advance(3 * MINUTE);
    expect(times()).toEqual(['2026-01-01T12:05:00Z', '2026-01-01T12:25:00Z']);
  });

  it('after a restart with a clock set back does not fire a tick again', () => {
    const before = open();
    before.createRule(scheduled());
    before.start();
    clock.advance(5 * MINUTE);
    before.stop();
    clock = new ManualClock(NOON);
    const after = open();
    after.createRule(scheduled());
    after.start();
    clock.advance(11 * MINUTE);
    expect(times()).toEqual(['2026-01-01T12:05:00Z', '2026-01-01T12:10:00Z']);
  });

  it('starts anew where its expression has changed', () => {
    const before = open();
    before.createRule(scheduled());
    before.start();
    clock.advance(7 * MINUTE);
    before.stop();
    const after = open();
    after.createRule({ ...scheduled(), scheduleExpression: 'rate(1 hour)' });
    after.start();
    clock.advance(60 * MINUTE);
    expect(times()).toEqual(['2026-01-01T12:05:00Z', '2026-01-01T13:07:00Z']);
  });

  it('leaves its latest tick behind, for a clock that starts after it', () => {
    expect(latestScheduledTick(stateDir)).toBeUndefined();
    const bus = open();
    bus.createRule(scheduled());
    bus.start();
    clock.advance(12 * MINUTE);
    expect(latestScheduledTick(stateDir)).toBe(NOON + 10 * MINUTE);
  });
});

describe('the API', () => {
  let server: HttpServer;
  let client: EventBridgeClient;
  let bus: ReturnType<typeof open>;

  beforeEach(async () => {
    bus = open({
      authorize: (accessKeyId, action, arn) => {
        if (accessKeyId === 'denied') {
          throw new AwsError('AccessDeniedException', `${action} ${arn}`);
        }
      },
    });
    server = await serveAws(
      0,
      () => bus.handler,
      (error) => {
        throw error;
      },
    );
    client = connect('anyone');
  });

  afterEach(async () => {
    client.destroy();
    await server.close();
  });

  const connect = (accessKeyId: string): EventBridgeClient =>
    new EventBridgeClient({
      endpoint: `http://127.0.0.1:${server.port}`,
      region: 'us-east-1',
      credentials: { accessKeyId, secretAccessKey: 'x' },
      maxAttempts: 1,
    });

  const put = (...Entries: PutEventsRequestEntry[]) =>
    client.send(new PutEventsCommand({ Entries }));

  const SALE = { Source: 'shop', DetailType: 'Sold', Detail: '{"sku":"A"}' };

  it('puts an event on the bus', async () => {
    bus.createRule(patternRule());
    const { FailedEntryCount, Entries } = await put({
      ...SALE,
      Time: new Date('2025-12-31T00:00:00Z'),
      Resources: ['shelf'],
    });
    expect(FailedEntryCount).toBe(0);
    expect(delivered.map(({ payload }) => payload)).toEqual([
      {
        ...event('shop'),
        id: Entries?.[0]?.EventId,
        time: '2025-12-31T00:00:00Z',
        resources: ['shelf'],
      },
    ]);
  });

  it('gives an event without a time the time of now', async () => {
    bus.createRule(patternRule());
    await put(SALE);
    expect(delivered[0]?.payload).toMatchObject({ time: '2026-01-01T12:00:00Z' });
  });

  it.each<[string, PutEventsRequestEntry, string]>([
    ['no source', { ...SALE, Source: undefined }, 'InvalidArgument'],
    ['no detail type', { ...SALE, DetailType: '' }, 'InvalidArgument'],
    ['no detail', { ...SALE, Detail: undefined }, 'InvalidArgument'],
    ['a detail that is no JSON', { ...SALE, Detail: '{' }, 'MalformedDetail'],
    ['a detail that is no object', { ...SALE, Detail: '[]' }, 'MalformedDetail'],
    ['a source of AWS', { ...SALE, Source: 'aws.s3' }, 'NotAuthorizedForSourceException'],
    ['another bus', { ...SALE, EventBusName: 'other' }, 'InvalidArgument'],
  ])('fails an entry with %s and takes the others', async (_, entry, code) => {
    bus.createRule(patternRule());
    const { FailedEntryCount, Entries } = await put(SALE, entry, SALE);
    expect(FailedEntryCount).toBe(1);
    expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([undefined, code, undefined]);
    expect(delivered).toHaveLength(2);
  });

  it('refuses more than ten entries', async () => {
    await expect(put(...Array<typeof SALE>(11).fill(SALE))).rejects.toThrow(/it has 11 entries/);
  });

  it('refuses entries of more than a mebibyte together', async () => {
    const Detail = JSON.stringify({ text: 'x'.repeat(600_000) });
    await expect(put({ ...SALE, Detail }, { ...SALE, Detail })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('asks whether the caller may', async () => {
    const denied = connect('denied');
    await expect(denied.send(new PutEventsCommand({ Entries: [SALE] }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: 'events:PutEvents arn:aws:events:us-east-1:000000000000:event-bus/default',
    });
    denied.destroy();
  });

  it('lists and describes rules and their targets', async () => {
    const transformer = { inputTemplate: '"<k>"', inputPathsMap: { k: '$.id' } };
    bus.createRule(patternRule({ deadLetterArn: DEAD_LETTERS, inputTransformer: transformer }));
    const described = {
      Name: 'r',
      Arn: 'arn:aws:events:us-east-1:000000000000:rule/r',
      State: 'ENABLED',
      EventBusName: 'default',
      EventPattern: '{"source":["shop"]}',
    };
    const listed = await client.send(new ListRulesCommand({ NamePrefix: 'r' }));
    expect(listed.Rules).toEqual([described]);
    expect(await client.send(new DescribeRuleCommand({ Name: 'r' }))).toMatchObject(described);
    const { Targets } = await client.send(new ListTargetsByRuleCommand({ Rule: 'r' }));
    expect(Targets).toEqual([
      {
        Id: 't',
        Arn: QUEUE,
        DeadLetterConfig: { Arn: DEAD_LETTERS },
        InputTransformer: { InputPathsMap: { k: '$.id' }, InputTemplate: '"<k>"' },
      },
    ]);
  });

  it('disables and enables a rule, also across a restart', async () => {
    bus.createRule(patternRule());
    await client.send(new DisableRuleCommand({ Name: 'r' }));
    bus.publish(event('shop'));
    bus = open();
    bus.createRule(patternRule());
    bus.publish(event('shop'));
    expect(delivered).toEqual([]);
    await client.send(new EnableRuleCommand({ Name: 'r' }));
    bus.publish(event('shop'));
    expect(delivered).toHaveLength(1);
  });

  it('has no rule that was not made', async () => {
    await expect(client.send(new DescribeRuleCommand({ Name: 'x' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('refuses an operation that it has not', async () => {
    await expect(
      client.send(new RemoveTargetsCommand({ Rule: 'r', Ids: ['t'] })),
    ).rejects.toMatchObject({ name: 'UnknownOperationException' });
  });
});
