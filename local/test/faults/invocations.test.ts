import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { ManualClock } from '../../src/core/clock';
import type { FaultRule } from '../../src/faults/faults';
import { until } from '../support/until';
import { BUCKET, closeAll, SILENT, startFaultyAws, type FaultyAws } from './faulty-aws';

afterEach(closeAll);

const onFirst = (fault: FaultRule['fault']): FaultRule[] => [
  { on: 'lambda:invoke', subject: 'work', nth: 1, fault },
];

/** Invokes the function, which is to put three objects. */
async function invoke({ client }: FaultyAws, InvocationType?: 'Event'): Promise<unknown> {
  const lambda = new LambdaClient({ ...client, maxAttempts: 1, logger: SILENT });
  const Payload = JSON.stringify({ puts: 3, name: 'a' });
  const command = new InvokeCommand({ FunctionName: 'work', Payload, InvocationType });
  const text = (await lambda.send(command)).Payload?.transformToString();
  return text ? (JSON.parse(text) as unknown) : undefined;
}

async function keys({ s3 }: FaultyAws): Promise<(string | undefined)[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET }));
  return Contents.map(({ Key }) => Key);
}

const KILLED = {
  errorType: 'Runtime.ExitError',
  errorMessage: expect.stringContaining('signal: killed') as string,
};

describe('an invocation', () => {
  it.each([
    ['throttle', 'TooManyRequestsException'],
    ['error', 'ServiceException'],
  ] as const)('that meets %s is a %s, and the function does not run', async (fault, name) => {
    const faulty = await startFaultyAws(onFirst(fault));
    await expect(invoke(faulty)).rejects.toMatchObject({ name });
    expect(await keys(faulty)).toEqual([]);
    expect(await invoke(faulty)).toBe('done');
  });

  it.each([
    ['kill', []],
    ['kill-at-call 1', []],
    ['kill-at-call 2', ['a/1']],
    ['kill-after-call 2', ['a/1', 'a/2']],
    ['kill-after', ['a/1', 'a/2', 'a/3']],
  ] as const)('that meets %s is killed, and leaves %j', async (fault, left) => {
    const faulty = await startFaultyAws(onFirst(fault));
    expect(await invoke(faulty)).toEqual(KILLED);
    expect(await keys(faulty)).toEqual(left);
  });

  it('is the only one that is killed', async () => {
    const faulty = await startFaultyAws(onFirst('kill-at-call 2'));
    const ended = await Promise.all([invoke(faulty), invoke(faulty)]);
    expect(ended).toContainEqual(KILLED);
    expect(ended).toContain('done');
  });

  it('counts its own calls alone, in a worker that is warm', async () => {
    const faulty = await startFaultyAws([{ on: 'lambda:invoke', nth: 2, fault: 'kill-at-call 4' }]);
    expect(await invoke(faulty)).toBe('done');
    expect(await invoke(faulty)).toBe('done');
    expect(faulty.aws.faults.dealt()).toEqual([]);
  });

  it('that times out has done all and answered nothing', async () => {
    const faulty = await startFaultyAws(onFirst('timeout'));
    expect(await invoke(faulty)).toMatchObject({ errorType: 'Sandbox.Timedout' });
    expect(await keys(faulty)).toHaveLength(3);
  });

  it('that is asynchronous is retried after it was killed', async () => {
    const clock = new ManualClock(Date.now());
    const faulty = await startFaultyAws(onFirst('kill-at-call 2'), { clock });
    await invoke(faulty, 'Event');
    await until(() => faulty.told.some(({ what }) => what === 'retry planned'));
    clock.advance(60_000);
    await faulty.aws.settled();
    expect(await keys(faulty)).toEqual(['a/1', 'a/2', 'a/3']);
  });

  it('has a call throttled, which is of the function that its rule names', async () => {
    const faulty = await startFaultyAws([
      { on: 's3:PutObject', subject: 'a/*', caller: 'wor', nth: 1, fault: 'throttle' },
    ]);
    expect(await invoke(faulty)).toBe('done');
    expect(faulty.aws.faults.dealt().map(({ subject }) => subject)).toEqual(['a/1', 'a/2', 'a/3']);
  });
});
