import { closeAll, functionOf, newFolder, openHarness, ROLE, writeModule } from './harness';

afterEach(closeAll);

describe('a handler', () => {
  it('answers with what its promise resolves to', async () => {
    const { lambda, create } = await openHarness();
    create('exports.handler = async (event) => ({ doubled: event.n * 2 });');
    expect(await lambda.invoke('fn', { n: 21 })).toMatchObject({ payload: { doubled: 42 } });
  });

  it('answers null where it resolves to undefined', async () => {
    const { lambda, create } = await openHarness();
    create('exports.handler = async () => {};');
    expect((await lambda.invoke('fn', {})).payload).toBeNull();
  });

  it('may answer by callback', async () => {
    const { lambda, create } = await openHarness();
    create('exports.handler = (event, context, callback) => callback(null, event.n + 1);');
    expect((await lambda.invoke('fn', { n: 1 })).payload).toBe(2);
  });

  it('that calls back is answered for once its event loop is empty', async () => {
    const { lambda, create } = await openHarness();
    create(`exports.handler = (event, context, callback) => {
      const result = { later: false };
      setTimeout(() => { result.later = true; }, 20);
      callback(null, result);
    };`);
    expect((await lambda.invoke('fn', {})).payload).toEqual({ later: true });
  });

  it('is answered for at once where callbackWaitsForEmptyEventLoop is false', async () => {
    const { lambda, create } = await openHarness();
    create(`exports.handler = (event, context, callback) => {
      context.callbackWaitsForEmptyEventLoop = false;
      setInterval(() => {}, 1000);
      callback(null, 'at once');
    };`);
    expect((await lambda.invoke('fn', {})).payload).toBe('at once');
  });

  it('that neither calls back nor returns a promise answers null', async () => {
    const { lambda, create } = await openHarness();
    create('exports.handler = () => 5;');
    expect((await lambda.invoke('fn', {})).payload).toBeNull();
  });

  it('may be an ES module', async () => {
    const { lambda } = await openHarness();
    const codeFolder = newFolder();
    writeModule(codeFolder, 'handler.mjs', 'export const handler = async () => import.meta.url;');
    lambda.createFunction({ ...functionOf(''), codeFolder, handler: 'handler.handler' });
    expect((await lambda.invoke('fn', {})).payload).toBe(`file://${codeFolder}/handler.mjs`);
  });

  it('may be a nested export', async () => {
    const { lambda, create } = await openHarness();
    create('exports.api = { get: async () => "got" };', { handler: 'src/handler.api.get' });
    expect((await lambda.invoke('fn', {})).payload).toBe('got');
  });

  it('gets a context that tells it about the invocation', async () => {
    const { lambda, create } = await openHarness();
    create(`exports.handler = async (event, context) => ({
      ...context, remaining: context.getRemainingTimeInMillis(),
    });`);
    const { payload, requestId } = await lambda.invoke('fn', {});
    expect(payload).toMatchObject({
      awsRequestId: requestId,
      callbackWaitsForEmptyEventLoop: true,
      functionName: 'fn',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:fn',
      logGroupName: '/aws/lambda/fn',
      memoryLimitInMB: '128',
    });
    const { remaining } = payload as { remaining: number };
    expect(remaining).toBeGreaterThan(5_000);
    expect(remaining).toBeLessThanOrEqual(10_000);
  });
});

describe('the environment of a function', () => {
  it("is the template's variables and Lambda's own, and nothing of this process", async () => {
    const { lambda, create, endpoint } = await openHarness();
    const { codeFolder } = create('exports.handler = async () => process.env;', {
      environment: { TABLE: 'transactions' },
    });
    const environment = (await lambda.invoke('fn', {})).payload as Record<string, string>;
    expect(environment).toEqual({
      TABLE: 'transactions',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      _HANDLER: 'src/handler.handler',
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/) as string,
      AWS_SECRET_ACCESS_KEY: expect.any(String) as string,
      AWS_SESSION_TOKEN: expect.any(String) as string,
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_REGION: 'eu-central-1',
      AWS_ENDPOINT_URL: endpoint,
      AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${process.versions.node.split('.')[0]}.x`,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_LAMBDA_FUNCTION_NAME: 'fn',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/fn',
      AWS_LAMBDA_LOG_STREAM_NAME: expect.stringContaining('[$LATEST]') as string,
      LAMBDA_TASK_ROOT: codeFolder,
      LANG: 'en_US.UTF-8',
      PATH: expect.any(String) as string,
      TZ: ':UTC',
    });
  });
});

describe("a function's own calls to AWS", () => {
  // A bundle holds the SDK; here it is loaded from where this package has it.
  const READS_ITS_CONFIGURATION = `
    const sdk = require(${JSON.stringify(require.resolve('@aws-sdk/client-lambda'))});
    exports.handler = async (event, context) => {
      const command = new sdk.GetFunctionConfigurationCommand({ FunctionName: context.functionName });
      return (await new sdk.LambdaClient().send(command)).FunctionArn;
    };`;

  it('reach the local AWS with nothing configured', async () => {
    const { lambda, create } = await openHarness();
    const { arn } = create(READS_ITS_CONFIGURATION);
    expect((await lambda.invoke('fn', {})).payload).toBe(arn);
  });

  it('are made as its role', async () => {
    const { lambda, create, policies } = await openHarness();
    create(READS_ITS_CONFIGURATION);
    policies();
    expect((await lambda.invoke('fn', {})).payload).toMatchObject({
      errorType: 'AccessDeniedException',
      errorMessage: expect.stringContaining(
        'assumed-role/fn-role/local is not authorized to perform: lambda:GetFunctionConfiguration',
      ) as string,
    });
  });
});

describe('createFunction', () => {
  it.each([
    [{ name: '../fn' }, 'name is "../fn"; expected up to 64 letters'],
    [{ timeoutSeconds: 901 }, 'timeoutSeconds is "901"; expected an integer from 1 to 900'],
    [{ memoryMb: 64 }, 'memoryMb is "64"; expected an integer from 128 to 10240'],
    [{ reservedConcurrency: -1 }, 'reservedConcurrency is "-1"'],
    [{ environment: { AWS_REGION: 'x' } }, 'environment is "AWS_REGION"'],
    [
      { async: { maximumRetryAttempts: 3, maximumEventAgeSeconds: 60 } },
      'maximumRetryAttempts is "3"; expected an integer from 0 to 2',
    ],
    [
      { async: { maximumRetryAttempts: 0, maximumEventAgeSeconds: 5 } },
      'maximumEventAgeSeconds is "5"; expected an integer from 60 to 21600',
    ],
  ])('refuses %j', async (config, message) => {
    const { create } = await openHarness();
    expect(() => create('', config)).toThrow(message);
  });

  it('replaces the code of a function that exists', async () => {
    const { lambda, create } = await openHarness();
    create('exports.handler = async () => "old";');
    await lambda.invoke('fn', {});
    create('exports.handler = async () => "new";');
    expect((await lambda.invoke('fn', {})).payload).toBe('new');
  });

  it('names a role that there is none of when the function is invoked', async () => {
    const { lambda, create } = await openHarness();
    create('exports.handler = async () => 1;', { roleArn: `${ROLE}-missing` });
    await expect(lambda.invoke('fn', {})).rejects.toThrow(`There is no role ${ROLE}-missing.`);
  });
});
