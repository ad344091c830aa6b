import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionConfig } from '../../src/lambda/lambda';
import { openBrokenEndpoint } from '../support/broken-endpoint';
import { until } from '../support/until';
import { closeAll, closedGate, openHarness, START, type Harness } from './harness';

const ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:fn';
const FAILED = 'arn:aws:sqs:eu-central-1:123456789012:failed';
const DONE = 'arn:aws:sqs:eu-central-1:123456789012:done';
const DEAD = 'arn:aws:sqs:eu-central-1:123456789012:dead';
const FAILS = 'exports.handler = async () => { throw new Error("broken"); };';
const MINUTE = 60_000;

afterEach(closeAll);

function asyncConfig(config: Partial<FunctionConfig['async']> = {}): Partial<FunctionConfig> {
  return { async: { maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600, ...config } };
}

async function started(options: Parameters<typeof openHarness>[0] = {}): Promise<Harness> {
  const harness = await openHarness(options);
  harness.lambda.start();
  return harness;
}

describe('an event whose invocation succeeds', () => {
  it('is forgotten', async () => {
    const { lambda, create, tells, stateDir } = await started();
    create('exports.handler = async () => 1;');
    const succeeded = tells('invocation succeeded');
    lambda.invokeAsync('fn', {});
    expect(lambda.idle()).toBe(false);
    await succeeded;
    await lambda.stop();
    expect(lambda.idle()).toBe(true);
    expect(readdirSync(join(stateDir, 'lambda-async'))).toEqual([]);
  });

  it('is recorded with its onSuccess destination', async () => {
    const { lambda, create, tells, deliveries } = await started();
    create('exports.handler = async (event) => event.n + 1;', asyncConfig({ onSuccess: DONE }));
    const succeeded = tells('invocation succeeded');
    lambda.invokeAsync('fn', { n: 1 });
    await succeeded;
    await lambda.stop();
    expect(deliveries).toEqual([
      {
        arn: DONE,
        attributes: undefined,
        body: {
          version: '1.0',
          timestamp: new Date(START).toISOString(),
          requestContext: {
            requestId: expect.any(String) as string,
            functionArn: `${ARN}:$LATEST`,
            condition: 'Success',
            approximateInvokeCount: 1,
          },
          requestPayload: { n: 1 },
          responseContext: { statusCode: 200, executedVersion: '$LATEST' },
          responsePayload: 2,
        },
      },
    ]);
  });
});

describe('an event whose invocation fails', () => {
  it('is retried after one minute, then after two, then discarded', async () => {
    const { lambda, create, tells, told, clock } = await started();
    create(FAILS);
    let planned = tells('retry planned');
    lambda.invokeAsync('fn', {});
    expect((await planned).detail).toBe('in 60 s, after attempt 1 of 3');
    clock.advance(MINUTE - 1);
    expect(failures(told)).toBe(1);
    planned = tells('retry planned');
    clock.advance(1);
    expect((await planned).detail).toBe('in 120 s, after attempt 2 of 3');
    clock.advance(2 * MINUTE - 1);
    expect(failures(told)).toBe(2);
    const discarded = tells('event discarded');
    clock.advance(1);
    expect(await discarded).toMatchObject({
      detail: 'RetriesExhausted after 3 attempts; no destination keeps it',
      level: 'error',
    });
    expect(lambda.idle()).toBe(true);
  });

  it('keeps its request id through its retries', async () => {
    const { lambda, create, tells, clock, deliveries } = await started();
    create(
      `exports.handler = async (event, context) => { throw new Error(context.awsRequestId); };`,
      asyncConfig({ maximumRetryAttempts: 1, onFailure: FAILED }),
    );
    const failed = tells('invocation failed');
    const planned = tells('retry planned');
    lambda.invokeAsync('fn', {});
    const { detail } = await failed;
    await planned;
    const discarded = tells('event discarded');
    clock.advance(MINUTE);
    await discarded;
    const { requestContext, responsePayload } = deliveries[0]?.body as {
      requestContext: { requestId: string };
      responsePayload: { errorMessage: string };
    };
    expect(detail).toBe(`Error: ${requestContext.requestId}`);
    expect(responsePayload.errorMessage).toBe(requestContext.requestId);
  });

  it('is forgotten when a retry succeeds', async () => {
    const { lambda, create, tells, clock, deliveries } = await started();
    create(
      `let calls = 0;
      exports.handler = async () => { calls += 1; if (calls === 1) throw new Error('once'); };`,
      asyncConfig({ onSuccess: DONE, onFailure: FAILED }),
    );
    const planned = tells('retry planned');
    lambda.invokeAsync('fn', {});
    await planned;
    const succeeded = tells('invocation succeeded');
    clock.advance(MINUTE);
    await succeeded;
    await lambda.stop();
    expect(deliveries).toMatchObject([
      { arn: DONE, body: { requestContext: { approximateInvokeCount: 2 } } },
    ]);
  });

  it('is recorded with its onFailure destination', async () => {
    const { lambda, create, tells, deliveries } = await started();
    create(FAILS, asyncConfig({ maximumRetryAttempts: 0, onFailure: FAILED }));
    const discarded = tells('event discarded');
    lambda.invokeAsync('fn', { n: 1 });
    await discarded;
    expect(deliveries).toMatchObject([
      {
        arn: FAILED,
        body: {
          version: '1.0',
          requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 1 },
          requestPayload: { n: 1 },
          responseContext: {
            statusCode: 200,
            executedVersion: '$LATEST',
            functionError: 'Unhandled',
          },
          responsePayload: { errorType: 'Error', errorMessage: 'broken' },
        },
      },
    ]);
  });

  it('goes to the dead-letter queue as it came, the error in attributes', async () => {
    const { lambda, create, tells, deliveries } = await started();
    create(FAILS, asyncConfig({ maximumRetryAttempts: 0, deadLetterArn: DEAD }));
    const discarded = tells('event discarded');
    lambda.invokeAsync('fn', { n: 1 });
    await discarded;
    expect(deliveries).toEqual([
      {
        arn: DEAD,
        body: { n: 1 },
        attributes: {
          RequestID: { type: 'String', value: expect.any(String) as string },
          ErrorCode: { type: 'Number', value: '200' },
          ErrorMessage: { type: 'String', value: 'broken' },
        },
      },
    ]);
  });

  it('is discarded at once where the next retry would exceed its greatest age', async () => {
    const { lambda, create, tells, clock, deliveries } = await started();
    create(FAILS, asyncConfig({ maximumEventAgeSeconds: 100, onFailure: FAILED }));
    const planned = tells('retry planned');
    lambda.invokeAsync('fn', {});
    await planned;
    const discarded = tells('event discarded');
    clock.advance(MINUTE);
    await discarded;
    expect(deliveries).toMatchObject([
      { body: { requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 2 } } },
    ]);
  });
});

describe('a delivery', () => {
  it('that fails is told and given up, as Lambda does', async () => {
    const { lambda, create, tells } = await started({
      deliver: () => {
        throw new Error('no such queue');
      },
    });
    create('exports.handler = async () => 1;', asyncConfig({ onSuccess: DONE }));
    const failed = tells('delivery failed');
    lambda.invokeAsync('fn', {});
    expect(await failed).toMatchObject({ detail: `to ${DONE}: no such queue`, level: 'error' });
    expect(lambda.idle()).toBe(true);
  });

  it("needs the function's role to allow it", async () => {
    const { lambda, create, tells, policies, deliveries } = await started();
    policies({ Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } });
    create('exports.handler = async () => 1;', asyncConfig({ onSuccess: DONE }));
    const failed = tells('delivery failed');
    lambda.invokeAsync('fn', {});
    expect((await failed).detail).toContain('not authorized to perform: sqs:SendMessage');
    expect(deliveries).toEqual([]);
  });
});

describe('an event for which the function has no place', () => {
  it('is run as soon as a place is free', async () => {
    const { lambda, create, tells, told } = await started();
    const { code, open } = closedGate();
    create(`${code} exports.handler = async () => { await gate(); };`, { reservedConcurrency: 1 });
    const first = lambda.invoke('fn', {});
    const putBack = tells('event put back');
    lambda.invokeAsync('fn', {});
    expect(await putBack).toMatchObject({ detail: 'Rate Exceeded.', level: 'debug' });
    open();
    await first;
    await until(() => lambda.idle());
    expect(told.filter(({ what }) => what === 'invocation succeeded')).toHaveLength(2);
  });

  it('is kept in a burst of many, all of which run in the end', async () => {
    const { lambda, create, told } = await started({ concurrency: 2 });
    create('exports.handler = async () => 1;');
    for (let n = 0; n < 20; n += 1) lambda.invokeAsync('fn', { n });
    await until(() => lambda.idle());
    expect(told.filter(({ what }) => what === 'invocation succeeded')).toHaveLength(20);
  });

  it('is discarded at once where the function reserves none', async () => {
    const { lambda, create, deliveries } = await started();
    create('', {
      reservedConcurrency: 0,
      ...asyncConfig({ onFailure: FAILED, deadLetterArn: DEAD }),
    });
    lambda.invokeAsync('fn', { n: 1 });
    expect(deliveries).toMatchObject([
      { arn: DEAD, body: { n: 1 }, attributes: { ErrorCode: { value: '429' } } },
      {
        arn: FAILED,
        body: {
          requestContext: { condition: 'ZeroReservedConcurrency', approximateInvokeCount: 0 },
        },
      },
    ]);
    expect(deliveries[1]?.body).not.toHaveProperty('responsePayload');
  });
});

it('an event that cannot be run backs off from a second until its greatest age', async () => {
  const { lambda, create, tells, clock, deliveries } = await started();
  create('', asyncConfig({ maximumEventAgeSeconds: 60, onFailure: FAILED }));
  const { endpoint, close } = await openBrokenEndpoint();
  lambda.redirect('fn', endpoint);
  let putBack = tells('event put back');
  lambda.invokeAsync('fn', {});
  expect((await putBack).detail).toContain(`redirected to ${endpoint}, which failed`);
  for (const seconds of [1, 2, 4, 8, 16]) {
    putBack = tells('event put back');
    clock.advance(seconds * 1000);
    await putBack;
  }
  clock.advance(29_000 - 1);
  expect(deliveries).toEqual([]);
  clock.advance(1);
  expect(deliveries).toMatchObject([
    { body: { requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 0 } } },
  ]);
  close();
});

describe('a process that is killed', () => {
  it('while a function runs has the next one run the event again', async () => {
    const killed = await started();
    const { code, open } = closedGate();
    killed.create(`${code} exports.handler = async () => { console.log('begun'); await gate(); };`);
    killed.lambda.invokeAsync('fn', { n: 7 });
    await until(() => existsSync(join(killed.stateDir, 'logs', 'fn.log')));

    const next = await openHarness({ stateDir: killed.stateDir });
    next.create('exports.handler = async (event) => event;', asyncConfig({ onSuccess: DONE }));
    const succeeded = next.tells('invocation succeeded');
    next.lambda.start();
    await succeeded;
    await next.lambda.stop();
    expect(next.deliveries).toMatchObject([{ arn: DONE, body: { responsePayload: { n: 7 } } }]);
    open();
  });

  it('before a retry has the next one retry it when it is due, not sooner', async () => {
    const killed = await started();
    killed.create(FAILS);
    const planned = killed.tells('retry planned');
    killed.lambda.invokeAsync('fn', {});
    await planned;

    const next = await started({ stateDir: killed.stateDir, clock: killed.clock });
    next.create(FAILS, asyncConfig({ maximumRetryAttempts: 1, onFailure: FAILED }));
    killed.clock.advance(MINUTE - 1);
    expect(failures(next.told)).toBe(0);
    const discarded = next.tells('event discarded');
    killed.clock.advance(1);
    await discarded;
    expect(next.deliveries).toMatchObject([
      { body: { requestContext: { approximateInvokeCount: 2 } } },
    ]);
  });

  it('between accepting and starting loses nothing', async () => {
    const killed = await openHarness();
    killed.create('');
    for (const n of [1, 2, 3]) killed.lambda.invokeAsync('fn', { n });

    const next = await openHarness({ stateDir: killed.stateDir });
    next.create('exports.handler = async (event) => event.n;', {
      ...asyncConfig({ onSuccess: DONE }),
    });
    next.lambda.start();
    await until(() => next.lambda.idle());
    const payloads = next.deliveries.map(
      ({ body }) => (body as { responsePayload: number }).responsePayload,
    );
    expect(payloads.sort()).toEqual([1, 2, 3]);
  });
});

it('an event whose invocation stop cuts off stays queued', async () => {
  const { lambda, create, stateDir, deliveries } = await started();
  create('exports.handler = async () => { console.log("begun"); for (;;); };', {
    ...asyncConfig({ maximumRetryAttempts: 0, onFailure: FAILED }),
  });
  lambda.invokeAsync('fn', {});
  await lambda.stop();
  expect(readdirSync(join(stateDir, 'lambda-async'))).toHaveLength(1);
  expect(deliveries).toEqual([]);
});

it('an event of a function that does not exist is kept until it does', async () => {
  const before = await openHarness();
  before.create('');
  before.lambda.invokeAsync('fn', {});
  await before.lambda.stop();

  const { lambda, told, create, tells } = await started({ stateDir: before.stateDir });
  expect(told).toMatchObject([{ what: 'events kept', subject: 'fn', level: 'warn' }]);
  expect(lambda.idle()).toBe(true);
  const succeeded = tells('invocation succeeded');
  create('exports.handler = async () => 1;');
  await succeeded;
});

function failures(told: Harness['told']): number {
  return told.filter(({ what }) => what === 'invocation failed').length;
}
