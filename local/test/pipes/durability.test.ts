import { streamConfig } from '../kinesis/local-kinesis';
import { fromKinesis, startPipes, toFunction, toQueue, type LocalPipes } from './local-pipes';

let local: LocalPipes;
beforeEach(() => {
  local = startPipes();
});
afterEach(() => local.close());

const batches = () => local.invocations.map((events) => events.map(({ eventID }) => eventID));

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-dynamodb.html#pipes-ddb-batch-failures
describe('after a restart', () => {
  it('a pipe goes on where it came to', async () => {
    local.insert('a', 'b');
    local.run({});
    await local.idle();
    await local.restart({});
    local.insert('c');
    await local.idle();

    expect(local.arrived()).toEqual(['a', 'b', 'c']);
  });

  it('what came while nothing ran is delivered', async () => {
    local.insert('a');
    local.run({});
    await local.idle();
    await local.pipes.stop();
    local.insert('b', 'c');
    local.replace();
    local.run({});
    await local.idle();

    expect(local.arrived()).toEqual(['a', 'b', 'c']);
  });

  it('a batch that failed is tried again', async () => {
    local.handle(() =>
      local.invocations.length === 1
        ? { functionError: 'Unhandled', payload: null }
        : { payload: null },
    );
    local.insert('a');
    local.run(toFunction);
    await local.settle();
    await local.restart(toFunction);
    await local.idle();

    expect(batches()).toEqual([['event-0'], ['event-0']]);
  });

  it('of a batch that failed in part, what comes after the first failure comes again', async () => {
    local.handle(() => ({
      payload: {
        batchItemFailures: local.invocations.length === 1 ? [{ itemIdentifier: 'event-1' }] : [],
      },
    }));
    local.insert('a', 'b', 'c');
    local.run(toFunction);
    await local.settle();
    await local.restart(toFunction);
    await local.idle();

    expect(batches()).toEqual([
      ['event-0', 'event-1', 'event-2'],
      ['event-1', 'event-2'],
    ]);
  });

  it('a batch comes again that was delivered right before a kill', async () => {
    local.connections.invokeFunction = (_, payload) => {
      local.invocations.push(payload as { eventID: string }[]);
      return Promise.reject(new Error('killed'));
    };
    local.insert('a');
    local.run(toFunction);
    await local.settle();
    await expect(local.pipes.stop()).rejects.toThrow('killed');
    local.handle(() => ({ payload: null }));
    local.replace();
    local.run(toFunction);
    await local.idle();

    expect(batches()).toEqual([['event-0'], ['event-0']]);
  });

  it('events are not looked at again that the filter held back', async () => {
    local.insert('a', 'b');
    local.run({ filters: ['{"eventName":["REMOVE"]}'] });
    await local.idle();
    await local.restart({});
    await local.idle();

    expect(local.arrived()).toEqual([]);
  });
});

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-kinesis.html
describe('the starting position', () => {
  it('TRIM_HORIZON is the oldest record of the stream', async () => {
    local.insert('a', 'b');
    local.table.trim(1);
    local.run({ startingPosition: 'TRIM_HORIZON' });
    await local.idle();

    expect(local.arrived()).toEqual(['b']);
  });

  it('LATEST is where the stream is when the pipe is made', async () => {
    local.insert('old');
    local.run({ startingPosition: 'LATEST' });
    local.insert('new');
    await local.idle();

    expect(local.arrived()).toEqual(['new']);
  });

  it('LATEST counts from when the pipe was first made, not from each start', async () => {
    local.run({ startingPosition: 'LATEST' });
    await local.pipes.stop();
    local.insert('a');
    local.replace();
    local.run({ startingPosition: 'LATEST' });
    await local.idle();

    expect(local.arrived()).toEqual(['a']);
  });

  it('holds anew for a pipe with another source', async () => {
    local.insert('a');
    local.run({});
    await local.idle();
    local.put('x');
    await local.restart({ ...fromKinesis, ...toQueue });
    await local.idle();

    expect(local.messages('out')).toHaveLength(1);
  });

  it('holds anew for a stream that was made anew', async () => {
    local.put('a', 'b');
    const config = { ...fromKinesis, ...toQueue };
    local.run(config);
    await local.idle();
    await local.pipes.stop();
    await local.deleteStream('source');
    local.clock.advance(1);
    local.kinesis.createStream(streamConfig('source', { onDemand: true }));
    local.put('c', 'd', 'e');
    local.replace();
    local.run(config);
    await local.idle();

    expect(local.messages('out')).toHaveLength(5);
  });
});

it('a pipe that runs cannot be made again', () => {
  local.run({});

  expect(() => local.run({})).toThrow('is running');
});
