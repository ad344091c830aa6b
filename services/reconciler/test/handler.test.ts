import type { Context } from 'aws-lambda';
import tickEvent from '../events/tick.json';
import windowEvent from '../events/window.json';
import type * as Handler from '../src/handler';
import { MINUTE, START, startLocalLake, type LocalLake } from './local-lake';

const context = { functionName: 'reconcile' } as Context;

let lake: LocalLake;
let handler: typeof Handler.handler;
let written: Record<string, unknown>[];

beforeAll(async () => {
  lake = await startLocalLake();
  Object.assign(process.env, {
    POWERTOOLS_METRICS_NAMESPACE: 'saleslake/test',
    POWERTOOLS_METRICS_DISABLED: 'false',
    LOOKBACK_DAYS: '3',
    GRACE_MINUTES: '15',
    FRESH_TABLES: 'transactions, order_events',
  });
  ({ handler } = await import('../src/handler'));
});

beforeEach(() => {
  written = [];
  jest.spyOn(Date, 'now').mockImplementation(() => lake.clock.now());
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    written.push(JSON.parse(String(line)) as Record<string, unknown>);
    return true;
  });
});

afterEach(() => jest.restoreAllMocks());
afterAll(() => lake.close());

describe('the reconciling function', () => {
  it('looks at the last days, says what it found and measures it', async () => {
    await lake.put('raw/transactions/old.json', '');
    lake.clock.advance(3 * 24 * 60 * MINUTE);
    await lake.put('raw/transactions/lost.json', '');
    lake.clock.advance(20 * MINUTE);
    expect(await handler(tickEvent, context)).toEqual({
      checked: 1,
      counts: { missing: 0, mismatched: 0, drivenAgain: 1 },
    });
    const service = 'reconciler';
    expect(written).toEqual([
      expect.objectContaining({ service, MissingObjects: 0, MismatchedObjects: 0, DrivenAgain: 1 }),
      expect.objectContaining({ service, table: 'transactions', MinutesSinceArrival: 20 }),
    ]);
  });

  it('looks at a window that it is asked for', async () => {
    expect(Date.parse(windowEvent.since)).toBeLessThan(START);
    expect(await handler(windowEvent, context)).toMatchObject({
      checked: 1,
      counts: { drivenAgain: 1 },
    });
    expect((await lake.report()).drivenAgain).toEqual(['raw/transactions/old.json']);
  });

  it('fails on an event that it does not know', async () => {
    await expect(handler({ hours: 1 }, context)).rejects.toMatchObject({ code: 'EventError' });
  });
});
