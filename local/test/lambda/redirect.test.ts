import { openBrokenEndpoint } from '../support/broken-endpoint';
import { closeAll, openHarness, type Harness } from './harness';

afterEach(closeAll);

async function twoProcesses(remoteCode: string): Promise<[Harness, Harness]> {
  const [local, remote] = await Promise.all([openHarness(), openHarness()]);
  local.create('exports.handler = async () => "here";');
  remote.create(remoteCode);
  local.lambda.redirect('fn', remote.endpoint);
  return [local, remote];
}

describe('a redirected function', () => {
  it('is run by the other process', async () => {
    const [local] = await twoProcesses('exports.handler = async (event) => ["there", event];');
    expect(await local.lambda.invoke('fn', { n: 1 })).toMatchObject({
      payload: ['there', { n: 1 }],
      logTail: expect.stringContaining('END RequestId') as string,
    });
  });

  it('that fails there has failed', async () => {
    const [local] = await twoProcesses('exports.handler = async () => { throw new Error("x"); };');
    const failed = local.tells('invocation failed');
    expect(await local.lambda.invoke('fn', {})).toMatchObject({
      functionError: 'Unhandled',
      payload: { errorType: 'Error', errorMessage: 'x' },
    });
    expect((await failed).detail).toBe('Error: x');
  });

  it('takes asynchronous invocations there too', async () => {
    const [local, remote] = await twoProcesses('exports.handler = async () => 1;');
    local.lambda.start();
    const there = remote.tells('invocation succeeded');
    local.lambda.invokeAsync('fn', {});
    expect((await there).subject).toBe('fn');
  });

  it('that is throttled there is throttled', async () => {
    const [local, remote] = await twoProcesses('');
    remote.create('', { reservedConcurrency: 0 });
    await expect(local.lambda.invoke('fn', {})).rejects.toMatchObject({
      code: 'TooManyRequestsException',
    });
  });

  it('says which endpoint does not answer', async () => {
    const { lambda, create } = await openHarness();
    create('');
    const { endpoint, close } = await openBrokenEndpoint();
    lambda.redirect('fn', endpoint);
    await expect(lambda.invoke('fn', {})).rejects.toMatchObject({
      code: 'ServiceException',
      message: expect.stringContaining(`fn is redirected to ${endpoint}, which failed: `) as string,
    });
    close();
  });

  it('runs here again when the other process has ended', async () => {
    const { lambda, create } = await openHarness();
    create('exports.handler = async () => "here";');
    lambda.redirect('fn', 'http://127.0.0.1:1');
    expect((await lambda.invoke('fn', {})).payload).toBe('here');
  });

  it('runs here again when told so', async () => {
    const [local] = await twoProcesses('exports.handler = async () => "there";');
    local.lambda.redirect('fn', undefined);
    expect((await local.lambda.invoke('fn', {})).payload).toBe('here');
  });
});
