import { until } from '../support/until';
import { closeAll, closedGate, openHarness } from './harness';

afterEach(closeAll);

const COUNTS = 'let count = 0; exports.handler = async () => { count += 1; return count; };';

const COUNTS_AFTER_GATE =
  'let count = 0; exports.handler = async () => { await gate(); count += 1; return count; };';

describe('a worker', () => {
  it('is kept warm for the next invocation', async () => {
    const { lambda, create } = await openHarness();
    create(COUNTS);
    await lambda.invoke('fn', {});
    expect((await lambda.invoke('fn', {})).payload).toBe(2);
  });

  it('runs one invocation at a time', async () => {
    const { lambda, create } = await openHarness();
    const { code, open } = closedGate();
    create(code + COUNTS_AFTER_GATE);
    const both = [lambda.invoke('fn', {}), lambda.invoke('fn', {})];
    open();
    expect((await Promise.all(both)).map(({ payload }) => payload)).toEqual([1, 1]);
  });

  it('is ended when it has idled for long enough', async () => {
    const { lambda, create } = await openHarness({ idleMs: 1 });
    create(COUNTS);
    await lambda.invoke('fn', {});
    await until(async () => (await lambda.invoke('fn', {})).payload === 1);
  });

  it('that dies while idle is replaced', async () => {
    const { lambda, create } = await openHarness();
    create(`let count = 0;
      exports.handler = async () => { setTimeout(() => process.exit(), 1); count += 1; return count; };`);
    await lambda.invoke('fn', {});
    await until(async () => (await lambda.invoke('fn', {})).payload === 1);
  });
});

describe('an invocation beyond the concurrency', () => {
  it.each([
    ['that the function reserves', { reservedConcurrency: 1 }, {}],
    ['that a function has here', {}, { concurrency: 1 }],
  ])('%s is throttled', async (_which, config, options) => {
    const { lambda, create } = await openHarness(options);
    const { code, open } = closedGate();
    create(code + COUNTS_AFTER_GATE, config);
    const first = lambda.invoke('fn', {});
    await expect(lambda.invoke('fn', {})).rejects.toMatchObject({
      code: 'TooManyRequestsException',
      statusCode: 429,
    });
    open();
    expect((await first).payload).toBe(1);
    expect((await lambda.invoke('fn', {})).payload).toBe(2);
  });
});

describe('stop', () => {
  it('lets what runs end', async () => {
    const { lambda, create } = await openHarness({ graceMs: 10_000 });
    const { code, open } = closedGate();
    create(code + COUNTS_AFTER_GATE);
    const invocation = lambda.invoke('fn', {});
    const stopped = lambda.stop();
    open();
    expect((await invocation).payload).toBe(1);
    await stopped;
  });

  it('cuts off what does not end in time', async () => {
    const { lambda, create } = await openHarness({ graceMs: 10 });
    create('exports.handler = async () => { for (;;); };');
    const invocation = expect(lambda.invoke('fn', {})).rejects.toThrow(
      'Stopped while fn was running.',
    );
    await lambda.stop();
    await invocation;
  });

  it('refuses further invocations', async () => {
    const { lambda, create } = await openHarness();
    create(COUNTS);
    await lambda.stop();
    await expect(lambda.invoke('fn', {})).rejects.toThrow('The local Lambda has stopped.');
  });
});

it('is idle only while nothing runs', async () => {
  const { lambda, create } = await openHarness();
  const { code, open } = closedGate();
  create(code + COUNTS_AFTER_GATE);
  expect(lambda.idle()).toBe(true);
  const invocation = lambda.invoke('fn', {});
  expect(lambda.idle()).toBe(false);
  open();
  await invocation;
  expect(lambda.idle()).toBe(true);
});
