import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from 'aws-lambda';
import type * as Handler from '../src/handler';
import { CURATED, startLocalAlerting, TABLE, TOPIC, type LocalAlerting } from './local-alerting';

const EVENTS = join(__dirname, '../events');
const context = { functionName: 'alert' } as Context;
const read = (name: string): unknown => JSON.parse(readFileSync(join(EVENTS, name), 'utf8'));

let local: LocalAlerting;
let handler: typeof Handler.handler;

beforeAll(async () => {
  local = await startLocalAlerting();
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: local.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_MAX_ATTEMPTS: '1',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    STAGE: 'local',
    CURATED_BUCKET: CURATED,
    INCIDENTS_TABLE: TABLE,
    TOPIC_ARN: TOPIC,
    REPEAT_MINUTES: '60',
  });
  // The handler reads its environment when it is loaded.
  ({ handler } = await import('../src/handler'));
});

afterAll(() => local.close());
beforeEach(() => local.newlySent());

describe('the alert function', () => {
  it.each(readdirSync(EVENTS).filter((name) => name.endsWith('-alarm.json')))(
    'tells of the recorded event %s',
    async (name) => {
      await handler(read(name), context);
      const [sent] = local.newlySent();
      const alarm = `saleslake-local-${name.replace('-alarm.json', '')}`;
      expect(sent?.attributes).toMatchObject({ state: 'ALARM', alarm });
    },
  );

  it('tells that it is over', async () => {
    await handler(read('transformer-dead-letters-alarm.json'), context);
    await handler(read('transformer-dead-letters-ok.json'), context);
    expect(local.newlySent().at(-1)?.attributes).toEqual({
      state: 'OK',
      alarm: 'saleslake-local-transformer-dead-letters',
      service: 'transformer',
    });
  });

  it('has nothing to tell by a tick where nothing has changed', async () => {
    await handler(read('tick.json'), context);
    expect(local.sent).toEqual([]);
  });

  it.each([
    ['no object', null, 'The event is null; expected a JSON object.'],
    ['of another kind', { 'detail-type': 'x' }, `The event's detail-type is "x"; expected`],
    [
      'without a state',
      { 'detail-type': 'CloudWatch Alarm State Change', detail: { alarmName: 'a' } },
      `The event's detail.state.value is missing; expected ALARM, OK or INSUFFICIENT_DATA.`,
    ],
    [
      'without a time',
      {
        'detail-type': 'CloudWatch Alarm State Change',
        detail: { alarmName: 'a', state: { value: 'OK', timestamp: 'now' } },
      },
      `The event's detail.state.timestamp is "now"; expected an ISO 8601 timestamp.`,
    ],
  ])('fails on an event that is %s', async (_what, event, message) => {
    await expect(handler(event, context)).rejects.toThrow(message);
  });
});
