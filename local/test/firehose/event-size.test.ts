import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ManualClock } from '../../src/core/clock';
import { openShardLog } from '../../src/core/shard-log';
import {
  eventWeight,
  invokeTransformer,
  MAX_EVENT_WEIGHT,
} from '../../src/firehose/lambda-invocation';
import type { ReadyRecord, SourceRecord } from '../../src/firehose/record';
import { openTransformation } from '../../src/firehose/transformation';
import { freshStateDir } from '../support/state-dir';
import { START, streamConfig } from './local-firehose';

const SIX_MB = 6 * 1024 * 1024;

/** The sizes of the events that a function is given for records of so many bytes. */
async function eventSizes(count: number, bytes: number): Promise<number[]> {
  const folder = freshStateDir();
  const clock = new ManualClock(START);
  const source = openShardLog<SourceRecord>(join(folder, 'source.log'));
  const ready = openShardLog<ReadyRecord>(join(folder, 'ready.log'));
  const config = streamConfig({ transformer: '', lambda: { bufferSizeMb: 3 } });
  const data = Buffer.alloc(bytes, 'x').toString('base64');
  const kinesis = {
    shardId: 'shardId-000000000000',
    position: 1,
    sequenceNumber: '49546986683135544286507457936321625675700192471156785154',
    partitionKey: 'Käufer',
    last: true,
  };
  source.append(
    Array.from({ length: count }, () => ({ data, arrivedAt: START, kinesis })),
    START,
  );
  const sizes: number[] = [];
  const transformation = openTransformation({
    source,
    ready,
    clock,
    hints: { bytes: 3 * 1024 * 1024, ms: 0 },
    mostWeight: MAX_EVENT_WEIGHT,
    weigh: eventWeight,
    async transform(batch, pause) {
      const connections = {
        authorizeRole: () => undefined,
        invokeFunction(_: string, event: unknown) {
          sizes.push(Buffer.byteLength(JSON.stringify(event)));
          return Promise.resolve({ payload: null });
        },
      };
      const context = { region: 'us-east-1', tell: () => undefined };
      const { lambda } = config.destination;
      await invokeTransformer(context, connections, config, lambda!, batch, pause);
      return batch.map(() => ({ lane: null, data: '', arrivedAt: START }));
    },
    changed: () => undefined,
    broke(error) {
      throw error;
    },
  });
  transformation.pump();
  while (transformation.working()) await new Promise((resolve) => setImmediate(resolve));
  source.remove();
  ready.remove();
  rmSync(folder, { recursive: true });
  return sizes;
}

// https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
describe('the event for a function', () => {
  it.each([
    ['many tiny records', 30_000, 4],
    ['records of the largest size', 8, 1000 * 1024],
  ])('is never larger than 6 MB: %s', async (_, count, bytes) => {
    const sizes = await eventSizes(count, bytes);
    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(SIX_MB);
  });

  it('is as large as it may be where its records are tiny', async () => {
    const [first = 0] = await eventSizes(30_000, 4);
    expect(first).toBeGreaterThan(SIX_MB - 4096);
  });
});
