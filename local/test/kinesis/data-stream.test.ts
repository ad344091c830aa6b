import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openKinesis, type Kinesis } from '../../src/kinesis/kinesis';
import { localContext } from '../sqs/local-sqs';
import { freshStateDir } from '../support/state-dir';
import { streamConfig } from './local-kinesis';

const SHARD = 'shardId-000000000000';

let stateDir: string;
let local: ReturnType<typeof localContext>;
let kinesis: Kinesis;
beforeEach(() => {
  stateDir = freshStateDir();
  local = localContext(stateDir);
  kinesis = openKinesis(local.context);
  kinesis.createStream(streamConfig('orders'));
});
afterEach(() => kinesis.close());

/** What a new process finds where the old one was killed. */
function restart(): void {
  kinesis.close();
  kinesis = openKinesis(local.context);
}

function put(...values: string[]) {
  const entries = values.map((value) => ({ partitionKey: value, data: Buffer.from(value) }));
  return kinesis.stream('orders').put(entries);
}

const records = () => kinesis.stream('orders').read(SHARD, 0, 100);
const values = () => records().map(({ data }) => data.toString());

describe('after a restart', () => {
  it('records are there, at their positions and with their sequence numbers', () => {
    put('a', 'b');
    const before = records();
    restart();

    expect(records()).toEqual(before);
  });

  it('new records come after the old', () => {
    put('a');
    restart();
    put('b');

    expect(values()).toEqual(['a', 'b']);
  });

  it('a record that a kill cut short is gone, as it was never acknowledged', () => {
    put('a');
    appendFileSync(join(stateDir, 'kinesis', 'orders', `${SHARD}.log`), '[1,2,{"key":"b');
    restart();
    put('c');

    expect(values()).toEqual(['a', 'c']);
  });

  it('positions go on also where every record had expired', () => {
    put('a', 'b');
    local.clock.advance(25 * 3_600_000);
    restart();
    expect(values()).toEqual([]);
    put('c');

    expect(records().map(({ position }) => position)).toEqual([2]);
  });

  it('a stream whose deletion was cut short is gone', () => {
    rmSync(join(stateDir, 'kinesis', 'orders', 'stream.json'));
    restart();

    expect(kinesis.streams()).toEqual([]);
  });

  it('a stream belongs to the region that this start is of', () => {
    local.context.region = 'us-east-1';
    restart();

    expect(kinesis.stream('orders').arn).toContain('us-east-1');
  });
});

it('tells of records that a shard refused', () => {
  const entry = { partitionKey: 'a', data: Buffer.alloc(700_000) };
  kinesis.stream('orders').put([entry, entry]);

  expect(local.told).toContainEqual({
    service: 'kinesis',
    subject: 'orders',
    what: 'records refused',
    detail: "1 of 2 records: a shard's throughput is used up",
    level: 'warn',
  });
});

describe('a listener', () => {
  it('is called after each put until it leaves', () => {
    let calls = 0;
    const leave = kinesis.stream('orders').onPut(() => (calls += 1));
    put('a', 'b');
    leave();
    put('c');

    expect(calls).toBe(1);
  });

  it('that throws is told of, and the records are put all the same', () => {
    kinesis.stream('orders').onPut(() => {
      throw new Error('full');
    });
    put('a');

    expect(values()).toEqual(['a']);
    expect(local.told).toContainEqual({
      service: 'kinesis',
      subject: 'orders',
      what: 'stream listener failed',
      detail: expect.stringContaining('full') as string,
      level: 'error',
    });
  });
});
