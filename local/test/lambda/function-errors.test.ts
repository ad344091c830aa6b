import { closeAll, functionOf, newFolder, openHarness, writeModule, type Harness } from './harness';
import type { ErrorPayload, FunctionConfig } from '../../src/lambda/lambda';

afterAll(closeAll);

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});

let functionCount = 0;

/** Invokes a function of that code and returns how it failed. */
async function failureOf(
  code: string,
  config: Partial<FunctionConfig> = {},
): Promise<ErrorPayload & { requestId: string; log: string }> {
  functionCount += 1;
  const name = `fn-${functionCount}`;
  harness.lambda.createFunction({ ...functionOf(code), name, ...config });
  const result = await harness.lambda.invoke(name, {});
  expect(result.functionError).toBe('Unhandled');
  const payload = result.payload as ErrorPayload;
  return { ...payload, requestId: result.requestId, log: result.logTail };
}

describe('an error of the code', () => {
  it('that is thrown is reported with type, message and trace', async () => {
    const failure = await failureOf(`exports.handler = async () => {
      throw new RangeError('too far');
    };`);
    expect(failure).toMatchObject({ errorType: 'RangeError', errorMessage: 'too far' });
    expect(failure.trace?.[0]).toBe('RangeError: too far');
    expect(failure.trace?.[1]).toContain('src/handler.js:2');
  });

  it('goes by its own name', async () => {
    const failure = await failureOf(`exports.handler = async () => {
      throw Object.assign(new Error('no row'), { name: 'QuarantineError' });
    };`);
    expect(failure.errorType).toBe('QuarantineError');
  });

  it('thrown before the first await counts too', async () => {
    const failure = await failureOf('exports.handler = () => { throw new Error("early"); };');
    expect(failure).toMatchObject({ errorType: 'Error', errorMessage: 'early' });
  });

  it('may be given to the callback', async () => {
    const failure = await failureOf(
      'exports.handler = (event, context, callback) => callback(new Error("called back"));',
    );
    expect(failure.errorMessage).toBe('called back');
  });

  it('that is no Error is reported by its JavaScript type', async () => {
    const failure = await failureOf('exports.handler = async () => { throw "text"; };');
    expect(failure).toMatchObject({ errorType: 'string', errorMessage: 'text', trace: [] });
  });

  it('in a promise that nobody awaits fails the invocation', async () => {
    const failure = await failureOf(`exports.handler = () => new Promise(() => {
      Promise.reject(new Error('forgotten'));
    });`);
    expect(failure).toMatchObject({
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: 'forgotten',
    });
  });

  it('in a timer fails the invocation', async () => {
    const failure = await failureOf(`exports.handler = () => new Promise(() => {
      setTimeout(() => { throw new TypeError('late'); }, 1);
    });`);
    expect(failure).toMatchObject({ errorType: 'TypeError', errorMessage: 'late' });
  });

  it('is in the log', async () => {
    const failure = await failureOf('exports.handler = async () => { throw new Error("seen"); };');
    expect(failure.log).toMatch(/\tERROR\tInvoke Error Error: seen/);
  });
});

describe('an invocation that does not end', () => {
  it('times out where its promise stays pending', async () => {
    const failure = await failureOf(
      'exports.handler = () => new Promise(() => setInterval(() => {}, 1000));',
      { timeoutSeconds: 1 },
    );
    expect(failure).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${failure.requestId} Error: Task timed out after 1.00 seconds`,
    });
    expect(failure.log).toContain(`${failure.requestId} Task timed out after 1.00 seconds\n`);
  });

  it('times out where it never yields, and keeps all it logged', async () => {
    const failure = await failureOf(
      `exports.handler = async () => {
        console.log('first');
        console.log('second');
        for (;;);
      };`,
      { timeoutSeconds: 1 },
    );
    expect(failure.errorType).toBe('Sandbox.Timedout');
    expect(failure.log).toMatch(/INFO\tfirst\n.*INFO\tsecond\n/);
  });

  it('fails at once where nothing is left that could end it', async () => {
    const failure = await failureOf(
      'exports.handler = async () => { await new Promise(() => {}); };',
    );
    expect(failure.errorType).toBe('Runtime.NodeJsExit');
  });

  it('leaves the next invocation a fresh worker', async () => {
    const { lambda, create } = harness;
    create(
      `let count = 0;
      exports.handler = async (event) => { count += 1; if (event.hang) for (;;); return count; };`,
      { timeoutSeconds: 1 },
    );
    await lambda.invoke('fn', {});
    await lambda.invoke('fn', { hang: true });
    expect((await lambda.invoke('fn', {})).payload).toBe(1);
  });
});

describe('a worker that dies', () => {
  it('by process.exit is reported with its status', async () => {
    const failure = await failureOf('exports.handler = async () => process.exit(3);');
    expect(failure).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${failure.requestId} Error: Runtime exited with error: exit status 3`,
    });
    expect(failure.log).toContain('Status: error\tError Type: Runtime.ExitError');
  });

  it('by process.exit(0) gives no reason', async () => {
    const failure = await failureOf('exports.handler = async () => process.exit(0);');
    expect(failure.errorMessage).toBe(
      `RequestId: ${failure.requestId} Error: Runtime exited without providing a reason`,
    );
  });

  it('for want of memory is reported as killed', async () => {
    const failure = await failureOf(`exports.handler = async () => {
      const kept = [];
      for (;;) kept.push(new Array(100000).fill(kept.length));
    };`);
    expect(failure).toMatchObject({
      errorType: 'Runtime.ExitError',
      errorMessage: `RequestId: ${failure.requestId} Error: Runtime exited with error: signal: killed`,
    });
  });
});

describe('a handler that cannot be loaded', () => {
  it('for want of its file is an ImportModuleError that says where it was looked for', async () => {
    const codeFolder = newFolder();
    const failure = await failureOf('', { codeFolder });
    expect(failure).toMatchObject({
      errorType: 'Runtime.ImportModuleError',
      errorMessage: `Error: Cannot find module 'src/handler': no src/handler.js, .cjs or .mjs in ${codeFolder}`,
    });
  });

  it('for want of a dependency is an ImportModuleError', async () => {
    const failure = await failureOf("require('no-such-package');");
    expect(failure.errorType).toBe('Runtime.ImportModuleError');
    expect(failure.errorMessage).toContain("Cannot find module 'no-such-package'");
  });

  it('for want of the export is a HandlerNotFound', async () => {
    expect(await failureOf('exports.other = async () => 1;')).toMatchObject({
      errorType: 'Runtime.HandlerNotFound',
      errorMessage: 'src/handler.handler is undefined or not exported',
    });
  });

  it('because the export is no function is a HandlerNotFound', async () => {
    expect(await failureOf('exports.handler = 5;')).toMatchObject({
      errorType: 'Runtime.HandlerNotFound',
      errorMessage: 'src/handler.handler is not a function',
    });
  });

  it('for its syntax is a UserCodeSyntaxError', async () => {
    expect((await failureOf('exports.handler = async (')).errorType).toBe(
      'Runtime.UserCodeSyntaxError',
    );
  });

  it('because its module throws is reported as what was thrown', async () => {
    expect(await failureOf("throw new Error('BUCKET is not set');")).toMatchObject({
      errorType: 'Error',
      errorMessage: 'BUCKET is not set',
    });
  });

  it('by a name without a dot is a MalformedHandlerName', async () => {
    expect((await failureOf('', { handler: 'handler' })).errorType).toBe(
      'Runtime.MalformedHandlerName',
    );
  });

  it('is loaded anew by the next invocation', async () => {
    const { lambda } = harness;
    const config = { ...functionOf('throw new Error("not yet");'), name: 'repaired' };
    lambda.createFunction(config);
    await lambda.invoke('repaired', {});
    writeModule(config.codeFolder, 'src/handler.js', 'exports.handler = async () => "loaded";');
    expect((await lambda.invoke('repaired', {})).payload).toBe('loaded');
  });
});

describe('a response', () => {
  it('that is no JSON fails the invocation', async () => {
    expect(await failureOf('exports.handler = async () => ({ big: 1n });')).toMatchObject({
      errorType: 'Error',
      errorMessage: 'Unable to stringify response body',
    });
  });

  it('of more than 6 MB fails the invocation', async () => {
    expect(await failureOf("exports.handler = async () => 'a'.repeat(6291556 - 1);")).toMatchObject(
      {
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage:
          'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
      },
    );
  });

  it('of just 6 MB is passed on', async () => {
    const { lambda, create } = harness;
    create("exports.handler = async () => 'a'.repeat(6291556 - 2);");
    expect((await lambda.invoke('fn', {})).functionError).toBeUndefined();
  });
});
