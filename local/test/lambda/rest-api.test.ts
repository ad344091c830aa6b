import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AddPermissionCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  ListFunctionsCommand,
  paginateListFunctions,
  type InvokeCommandInput,
  type InvokeCommandOutput,
} from '@aws-sdk/client-lambda';
import { closeAll, openHarness, ROLE, type Harness } from './harness';

const ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:fn';

afterEach(closeAll);

describe('Invoke', () => {
  it('answers with the payload that the function returned', async () => {
    const harness = await openHarness();
    harness.create('exports.handler = async (event) => ({ got: event });');
    const answer = await invoke(harness, { Payload: '{"umlaut":"ä"}' });
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(answer.FunctionError).toBeUndefined();
    expect(answer.Payload?.transformToString()).toBe('{"got":{"umlaut":"ä"}}');
  });

  it('gives the function an empty event where there is no payload', async () => {
    const harness = await openHarness();
    harness.create('exports.handler = async (event) => event;');
    expect((await invoke(harness)).Payload?.transformToString()).toBe('{}');
  });

  it('answers a failed function with 200 and FunctionError', async () => {
    const harness = await openHarness();
    harness.create('exports.handler = async () => { throw new Error("broken"); };');
    const answer = await invoke(harness);
    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(JSON.parse(answer.Payload?.transformToString() ?? '')).toMatchObject({
      errorType: 'Error',
      errorMessage: 'broken',
    });
  });

  it('gives the log where it is asked for', async () => {
    const harness = await openHarness();
    harness.create('exports.handler = async () => console.log("hello");');
    const { LogResult } = await invoke(harness, { LogType: 'Tail' });
    const log = Buffer.from(LogResult ?? '', 'base64').toString('utf8');
    expect(log).toMatch(
      /^START RequestId: (\S+) Version: \$LATEST\n\S+\t\1\tINFO\thello\nEND RequestId: \1\nREPORT RequestId: \1\tDuration: /,
    );
  });

  it('gives only the last 4 KiB of a long log, cut between characters', async () => {
    const harness = await openHarness();
    harness.create("exports.handler = async () => process.stdout.write('€'.repeat(5000));");
    const { LogResult } = await invoke(harness, { LogType: 'Tail' });
    const log = Buffer.from(LogResult ?? '', 'base64');
    expect(log.length).toBeGreaterThan(4093);
    expect(log.length).toBeLessThanOrEqual(4096);
    expect(log.toString('utf8')).toMatch(/^€/);
  });

  it('gives no log where none is asked for', async () => {
    const harness = await openHarness();
    harness.create('exports.handler = async () => 1;');
    expect((await invoke(harness)).LogResult).toBeUndefined();
  });

  it('accepts an Event with 202 and runs it after', async () => {
    const harness = await openHarness();
    harness.lambda.start();
    harness.create('exports.handler = async () => 1;');
    const succeeded = harness.tells('invocation succeeded');
    const answer = await invoke(harness, { InvocationType: 'Event', Payload: '{}' });
    expect(answer.StatusCode).toBe(202);
    expect(await succeeded).toMatchObject({ subject: 'fn', level: 'info' });
  });

  it('answers a DryRun with 204 and runs nothing', async () => {
    const harness = await openHarness();
    harness.create('exports.handler = async () => 1;');
    expect((await invoke(harness, { InvocationType: 'DryRun' })).StatusCode).toBe(204);
    expect(harness.told).toEqual([]);
  });

  it.each([ARN, `${ARN}:$LATEST`, '123456789012:function:fn', 'fn:$LATEST'])(
    'takes the name %s',
    async (FunctionName) => {
      const harness = await openHarness();
      harness.create('exports.handler = async () => 1;');
      expect((await invoke(harness, { FunctionName })).StatusCode).toBe(200);
    },
  );

  it.each([
    [{ FunctionName: 'other' }, `Function not found: ${ARN.replace(/fn$/, 'other')}`],
    [{ FunctionName: 'fn', Qualifier: 'live' }, 'Function not found: fn:live'],
  ])('does not find %j', async (input, message) => {
    const harness = await openHarness();
    harness.create('');
    await expect(invoke(harness, input)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message,
    });
  });

  it('refuses a payload that is no JSON', async () => {
    const harness = await openHarness();
    harness.create('');
    await expect(invoke(harness, { Payload: '{no' })).rejects.toMatchObject({
      name: 'InvalidRequestContentException',
    });
  });

  it.each([
    ['RequestResponse', 6_291_456, 'Request must be smaller than 6291456 bytes'],
    ['Event', 1_048_576, '1048577 byte payload is too large for the Event invocation type'],
  ] as const)('refuses a %s payload above %d bytes', async (InvocationType, limit, message) => {
    const harness = await openHarness();
    harness.create('exports.handler = async () => 1;');
    const payloadOf = (bytes: number): string => JSON.stringify('a'.repeat(bytes - 2));
    const atLimit = await invoke(harness, { InvocationType, Payload: payloadOf(limit) });
    expect(atLimit.StatusCode).toBeLessThan(300);
    await expect(
      invoke(harness, { InvocationType, Payload: payloadOf(limit + 1) }),
    ).rejects.toMatchObject({
      name: 'RequestEntityTooLargeException',
      message: expect.stringContaining(message) as string,
      $metadata: { httpStatusCode: 413 },
    });
  });

  it('answers 429 where the function may not run', async () => {
    const harness = await openHarness();
    harness.create('exports.handler = async () => 1;', { reservedConcurrency: 0 });
    await expect(invoke(harness)).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      $metadata: { httpStatusCode: 429 },
    });
  });

  it('is denied to a role that may not invoke the function', async () => {
    const harness = await openHarness();
    harness.create('exports.handler = async () => 1;');
    const client = harness.clientAs(harness.policies());
    await expect(client.send(new InvokeCommand({ FunctionName: 'fn' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        `not authorized to perform: lambda:InvokeFunction on resource: "${ARN}"`,
      ) as string,
    });
  });

  it('is open to a role that may', async () => {
    const harness = await openHarness();
    harness.create('exports.handler = async () => 1;');
    const key = harness.policies({
      Statement: { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: ARN },
    });
    const answer = await harness.clientAs(key).send(new InvokeCommand({ FunctionName: 'fn' }));
    expect(answer.StatusCode).toBe(200);
  });
});

describe('GetFunctionConfiguration', () => {
  it("gives the function as it was created, with its template's variables", async () => {
    const { client, create } = await openHarness();
    create('', { environment: { BUCKET: 'raw' } });
    const command = new GetFunctionConfigurationCommand({ FunctionName: 'fn' });
    expect(await client.send(command)).toMatchObject({
      FunctionName: 'fn',
      FunctionArn: ARN,
      Role: ROLE,
      Handler: 'src/handler.handler',
      MemorySize: 128,
      Timeout: 10,
      State: 'Active',
      Environment: { Variables: { BUCKET: 'raw' } },
    });
  });

  it('does not find a function that does not exist', async () => {
    const { client } = await openHarness();
    const command = new GetFunctionConfigurationCommand({ FunctionName: 'fn' });
    await expect(client.send(command)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('GetFunction', () => {
  it('gives the configuration, where the code is and the reserved concurrency', async () => {
    const { client, create } = await openHarness();
    const { codeFolder } = create('', { reservedConcurrency: 2 });
    expect(await client.send(new GetFunctionCommand({ FunctionName: 'fn' }))).toMatchObject({
      Configuration: { FunctionName: 'fn' },
      Code: { Location: `file://${codeFolder}` },
      Concurrency: { ReservedConcurrentExecutions: 2 },
    });
  });
});

describe('ListFunctions', () => {
  it('gives every function in the order of their names', async () => {
    const { client, create } = await openHarness();
    for (const name of ['b', 'a']) create('', { name });
    const { Functions, NextMarker } = await client.send(new ListFunctionsCommand({}));
    expect(Functions?.map((fn) => fn.FunctionName)).toEqual(['a', 'b']);
    expect(NextMarker).toBeUndefined();
  });

  it('pages', async () => {
    const { client, create } = await openHarness();
    for (const name of ['a', 'b', 'c']) create('', { name });
    const pages: (string | undefined)[][] = [];
    for await (const page of paginateListFunctions({ client, pageSize: 2 }, {})) {
      pages.push((page.Functions ?? []).map((fn) => fn.FunctionName));
    }
    expect(pages).toEqual([['a', 'b'], ['c']]);
  });
});

it('names an operation that it does not have', async () => {
  const { client } = await openHarness();
  const command = new AddPermissionCommand({
    FunctionName: 'fn',
    StatementId: 'a',
    Action: 'lambda:InvokeFunction',
    Principal: 'events.amazonaws.com',
  });
  await expect(client.send(command)).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message: 'The local Lambda has no operation POST /2015-03-31/functions/fn/policy.',
  });
});

it("keeps every invocation's log in the function's file", async () => {
  const harness = await openHarness();
  harness.create('exports.handler = async (event) => console.warn(event.word);');
  await invoke(harness, { Payload: '{"word":"one"}' });
  await invoke(harness, { Payload: '{"word":"two"}' });
  const log = readFileSync(join(harness.stateDir, 'logs', 'fn.log'), 'utf8');
  expect(log.match(/WARN\t\w+/g)).toEqual(['WARN\tone', 'WARN\ttwo']);
});

function invoke(
  harness: Harness,
  input: Partial<InvokeCommandInput> = {},
): Promise<InvokeCommandOutput> {
  return harness.client.send(new InvokeCommand({ FunctionName: 'fn', ...input }));
}
