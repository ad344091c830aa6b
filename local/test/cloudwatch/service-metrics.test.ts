import { queryMetrics } from '../../src/athena/query-metrics';
import type { QueryExecution } from '../../src/athena/query-execution';
import { deliveryStreamGauges, queueGauges } from '../../src/cloudwatch/service-gauges';
import { AwsError } from '../../src/core/aws-error';
import { wholeLines } from '../../src/lambda/whole-lines';
import { isThrottle, measureExecution } from '../../src/pipes/measure-execution';
import {
  closeAll as closeFirehose,
  openLocalFirehose,
  PASS,
  START,
} from '../firehose/local-firehose';
import { closeAll as closeLambda, openHarness } from '../lambda/harness';
import { measured } from './measured';

afterEach(async () => {
  await closeFirehose();
  await closeLambda();
});

describe('Lambda', () => {
  it('measures invocations, errors and durations', async () => {
    const { measure, sum } = measured();
    const { lambda, create } = await openHarness({ measure });
    create('exports.handler = async (event) => { if (event.fails) throw new Error("broken"); };');
    await lambda.invoke('fn', {});
    await lambda.invoke('fn', { fails: true });
    expect(sum('AWS/Lambda Invocations fn')).toBe(2);
    expect(sum('AWS/Lambda Errors fn')).toBe(1);
    expect(sum('AWS/Lambda Duration fn')).toBeGreaterThan(0);
  });

  it('measures a throttle, which is no invocation', async () => {
    const { measure, sum } = measured();
    const { lambda, create } = await openHarness({ measure });
    create('exports.handler = async () => 1;', { reservedConcurrency: 0 });
    await expect(lambda.invoke('fn', {})).rejects.toThrow('Rate Exceeded');
    expect(sum('AWS/Lambda Throttles fn')).toBe(1);
    expect(sum('AWS/Lambda Invocations fn')).toBeUndefined();
  });

  it('measures an event that it gives up, and a destination that it does not reach', async () => {
    const { measure, sum } = measured();
    const { lambda, create, tells } = await openHarness({
      measure,
      deliver() {
        throw new AwsError('QueueDoesNotExist', 'no such queue');
      },
    });
    create('exports.handler = async () => { throw new Error("broken"); };', {
      async: {
        maximumRetryAttempts: 0,
        maximumEventAgeSeconds: 60,
        onFailure: 'arn:aws:sqs:eu-central-1:123456789012:gone',
      },
    });
    lambda.start();
    const failed = tells('delivery failed');
    lambda.invokeAsync('fn', {});
    await failed;
    expect(sum('AWS/Lambda AsyncEventsDropped fn')).toBe(1);
    expect(sum('AWS/Lambda DestinationDeliveryFailures fn')).toBe(1);
  });

  it('hands on what a function logs', async () => {
    const heard: string[] = [];
    const { lambda, create } = await openHarness({
      onLog: (name, text) => void heard.push(...text.split('\n').map((line) => `${name} ${line}`)),
    });
    create(`exports.handler = async () => {
      process.stdout.write('{"_aws":');
      process.stdout.write('{}}\\n');
    };`);
    await lambda.invoke('fn', {});
    expect(heard).toContain('fn {"_aws":{}}');
  });
});

it('text in pieces is handed on by whole lines', () => {
  const lines: string[] = [];
  const { write } = wholeLines((text) => lines.push(text));
  for (const piece of ['a', 'b\nc\nd', '', 'e\n', 'f']) write(piece);
  expect(lines).toEqual(['ab\nc\n', 'de\n']);
});

describe('Firehose', () => {
  it('measures records that come, are processed and delivered', async () => {
    const { measure, sum } = measured();
    const { firehose, put } = await openLocalFirehose({ measure, transformer: PASS });
    await put('abc', 'de');
    await firehose.flush();
    expect(sum('AWS/Firehose IncomingRecords sales')).toBe(2);
    expect(sum('AWS/Firehose IncomingBytes sales')).toBe(5);
    expect(sum('AWS/Firehose ExecuteProcessing.Success sales')).toBe(1);
    expect(sum('AWS/Firehose SucceedProcessing.Records sales')).toBe(2);
    expect(sum('AWS/Firehose DeliveryToS3.Records sales')).toBe(2);
    expect(sum('AWS/Firehose DeliveryToS3.Success sales')).toBe(1);
  });

  it('measures a function that fails', async () => {
    const { measure, sum } = measured();
    const transformer = 'exports.handler = async () => { throw new Error("broken"); };';
    const { firehose, put } = await openLocalFirehose({ measure, transformer });
    await put('abc');
    await firehose.flush();
    expect(sum('AWS/Firehose ExecuteProcessing.Success sales')).toBe(0);
    expect(sum('AWS/Firehose SucceedProcessing.Records sales')).toBe(0);
  });

  it('knows since when its oldest record waits', async () => {
    const { firehose, put, clock } = await openLocalFirehose();
    await put('abc');
    clock.advance(30_000);
    const freshness = () =>
      deliveryStreamGauges(firehose.deliveryStreams(), START + 30_000).map(({ values }) => values);
    expect(freshness()).toEqual([[30]]);
    await firehose.flush();
    expect(freshness()).toEqual([[0]]);
  });
});

describe('Athena', () => {
  const ended: QueryExecution = {
    id: 'q',
    sequence: 1,
    sql: 'SELECT 1',
    parameters: [],
    database: 'default',
    workgroup: 'main',
    outputLocation: 's3://results/',
    state: 'SUCCEEDED',
    submittedAt: 1000,
    startedAt: 1200,
    endedAt: 2000,
    bytesScanned: 42,
    result: {
      statementType: 'DML',
      substatementType: 'SELECT',
      columns: [],
      format: 'csv',
      rows: 1,
    },
  };

  it('measures a query by workgroup, state and type', () => {
    const { measure, sum } = measured();
    queryMetrics(ended).forEach(measure);
    expect(sum('AWS/Athena ProcessedBytes main')).toBe(42);
    expect(sum('AWS/Athena ProcessedBytes SUCCEEDED main')).toBe(42);
    expect(sum('AWS/Athena ProcessedBytes SUCCEEDED DML main')).toBe(42);
    expect(sum('AWS/Athena TotalExecutionTime main')).toBe(1000);
    expect(sum('AWS/Athena QueryQueueTime main')).toBe(200);
    expect(sum('AWS/Athena EngineExecutionTime main')).toBe(800);
  });

  it('measures what a query read that was cancelled', () => {
    const { measure, sum } = measured();
    queryMetrics({ ...ended, state: 'CANCELLED', result: undefined }).forEach(measure);
    expect(sum('AWS/Athena ProcessedBytes CANCELED main')).toBe(42);
  });

  it('measures no query that has not ended', () => {
    expect(queryMetrics({ ...ended, state: 'RUNNING', endedAt: undefined })).toEqual([]);
  });
});

describe('a pipe', () => {
  it.each([
    ['delivers all', 0, false, [0, 0, 0]],
    ['delivers some', 1, false, [0, 1, 0]],
    ['delivers none', 3, false, [1, 0, 0]],
    ['is throttled', 3, true, [0, 0, 1]],
  ])('that %s measures it', (_, failed, throttled, expected) => {
    const { measure, sum } = measured();
    measureExecution(measure, 'p', 3, failed, throttled);
    expect([
      sum('AWS/EventBridge/Pipes ExecutionFailed p'),
      sum('AWS/EventBridge/Pipes ExecutionPartiallyFailed p'),
      sum('AWS/EventBridge/Pipes ExecutionThrottled p'),
    ]).toEqual(expected);
    expect(sum('AWS/EventBridge/Pipes EventCount p')).toBe(3);
  });

  it('knows a throttle by its code', () => {
    expect(isThrottle(new AwsError('TooManyRequestsException', '', 429))).toBe(true);
    expect(isThrottle(new AwsError('AccessDenied', '', 403))).toBe(false);
  });
});

it('a queue is measured by what it holds', () => {
  const { measure, sum } = measured();
  const counts = { visible: 3, inFlight: 2, delayed: 1 };
  queueGauges([
    { name: 'q', ...counts, oldestAgeSeconds: 70 },
    { name: 'empty', ...counts },
  ]).forEach(measure);
  expect(sum('AWS/SQS ApproximateNumberOfMessagesVisible q')).toBe(3);
  expect(sum('AWS/SQS ApproximateNumberOfMessagesNotVisible q')).toBe(2);
  expect(sum('AWS/SQS ApproximateNumberOfMessagesDelayed q')).toBe(1);
  expect(sum('AWS/SQS ApproximateAgeOfOldestMessage q')).toBe(70);
  expect(sum('AWS/SQS ApproximateAgeOfOldestMessage empty')).toBe(0);
});
