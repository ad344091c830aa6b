import fc from 'fast-check';
import { AwsError } from '../../src/core/aws-error';
import type { KinesisStream } from '../../src/kinesis/kinesis';
import type { PipeConfig } from '../../src/pipes/pipe-config';
import { arnOf as queueArn } from '../sqs/local-sqs';
import { fromKinesis, startPipes, type LocalPipes } from './local-pipes';

/** What happens to one delivery, to the target or to the dead-letter queue. */
type Fate = 'succeeds' | 'fails' | 'fails in part' | 'is killed before' | 'is killed after';

const FATES: Fate[] = ['succeeds', 'fails', 'fails in part', 'is killed before', 'is killed after'];
const SHARDS = ['0', String(2n ** 128n - 1n)];
const PASSING = '{"data":{"passes":[true]}}';

interface Story {
  /** Records in the order they are put, between runs of the pipe. */
  puts: { shard: number; passes: boolean }[][];
  fates: Fate[];
  config: Partial<PipeConfig>;
}

const stories: fc.Arbitrary<Story> = fc.record({
  puts: fc.array(
    fc.array(fc.record({ shard: fc.nat(SHARDS.length - 1), passes: fc.boolean() }), {
      maxLength: 8,
    }),
    { minLength: 1, maxLength: 3 },
  ),
  fates: fc.array(fc.constantFrom(...FATES), { maxLength: 30 }),
  config: fc.record({
    batchSize: fc.integer({ min: 1, max: 5 }),
    maximumBatchingWindowSeconds: fc.constantFrom(0, 2),
    maximumRetryAttempts: fc.integer({ min: -1, max: 2 }),
    bisectBatchOnFunctionError: fc.boolean(),
  }),
});

/** Makes deliveries end as the story says. A kill stands for the end of the process. */
function followFates(local: LocalPipes, fates: Fate[]) {
  const left = [...fates];
  let dead = false;

  function meet<T>(deliver: () => T, inPart: () => T): T {
    if (dead) throw new Error('killed');
    const fate = left.shift() ?? 'succeeds';
    if (fate === 'fails') throw new AwsError('ThrottlingException', 'Rate exceeded.');
    dead = fate.startsWith('is killed');
    if (fate === 'is killed before') throw new Error('killed');
    const result = fate === 'fails in part' ? inPart() : deliver();
    if (dead) throw new Error('killed');
    return result;
  }

  const faulty = (stream: KinesisStream): KinesisStream => ({
    ...stream,
    put: (entries) =>
      meet(
        () => stream.put(entries),
        () => {
          // As a shard that fills up: it takes the first records and refuses the others.
          const taken = stream.put(entries.slice(0, Math.floor(entries.length / 2)));
          const refusal = { errorCode: 'ProvisionedThroughputExceededException', errorMessage: '' };
          return entries.map((_, index) => taken[index] ?? refusal);
        },
      ),
  });
  local.connections.kinesisStream = (arn) => {
    const stream = local.kinesis.stream(arn);
    return arn === fromKinesis.sourceArn ? stream : faulty(stream);
  };
  local.connections.sendToQueue = (arn, body) =>
    meet(
      () => local.sqs.send(arn, body),
      () => local.sqs.send(arn, body),
    );

  return {
    dead: () => dead,
    revive: () => {
      dead = false;
    },
  };
}

async function runUntilIdle(
  local: LocalPipes,
  process: ReturnType<typeof followFates>,
  config: Partial<PipeConfig>,
): Promise<void> {
  for (let round = 0; round < 500; round += 1) {
    await local.settle();
    if (process.dead()) {
      await expect(local.pipes.stop()).rejects.toThrow('killed');
      process.revive();
      local.replace();
      local.run(config);
    } else if (local.pipes.idle()) return;
    else local.clock.advance(60_000);
  }
  throw new Error('The pipe did not come to rest.');
}

interface Sent {
  id: number;
  shardId: string;
  sequenceNumber: string;
  passes: boolean;
}

function putAll(local: LocalPipes, puts: Story['puts'][number], firstId: number): Sent[] {
  const entries = puts.map(({ shard, passes }, index) => ({
    partitionKey: 'key',
    explicitHashKey: SHARDS[shard],
    data: Buffer.from(JSON.stringify({ id: firstId + index, passes })),
  }));
  const results = local.kinesis.stream('source').put(entries);
  return results.map((result, index) => {
    if ('errorCode' in result) throw new Error(result.errorMessage);
    return { id: firstId + index, passes: puts[index]?.passes ?? false, ...result };
  });
}

/** Ids at the target, each where it first came. */
function firstArrivals(local: LocalPipes): number[] {
  const ids = local.records().map(({ data }) => {
    const event = JSON.parse(data.toString()) as { data: string };
    return (JSON.parse(Buffer.from(event.data, 'base64').toString()) as { id: number }).id;
  });
  return [...new Set(ids)];
}

/** Whether a dead-letter message covers the record. */
function deadLettered(local: LocalPipes): (record: Sent) => boolean {
  const infos = local.messages('dlq').map(
    (body) =>
      (
        JSON.parse(body) as {
          KinesisBatchInfo: {
            shardId: string;
            startSequenceNumber: string;
            endSequenceNumber: string;
          };
        }
      ).KinesisBatchInfo,
  );
  return ({ shardId, sequenceNumber }) =>
    infos.some(
      (info) =>
        info.shardId === shardId &&
        info.startSequenceNumber <= sequenceNumber &&
        info.endSequenceNumber >= sequenceNumber,
    );
}

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-kinesis.html
it('every record that passes is delivered at least once and in order, or is dead-lettered', async () => {
  await fc.assert(
    fc.asyncProperty(stories, async ({ puts, fates, config }) => {
      const local = startPipes(SHARDS.length);
      const process = followFates(local, fates);
      const piped = {
        ...config,
        ...fromKinesis,
        filters: [PASSING],
        partitionKey: 'all',
        deadLetterArn: queueArn('dlq'),
      };
      const sent: Sent[] = [];
      local.run(piped);
      for (const some of puts) {
        sent.push(...putAll(local, some, sent.length));
        await runUntilIdle(local, process, piped);
      }

      const arrived = firstArrivals(local);
      const isDeadLettered = deadLettered(local);
      const lost = sent.filter(
        (record) => record.passes && !arrived.includes(record.id) && !isDeadLettered(record),
      );
      expect(lost).toEqual([]);
      for (const shardId of local.kinesis.stream('source').shardIds()) {
        const ofShard = sent.filter((record) => record.shardId === shardId).map(({ id }) => id);
        const arrivedOfShard = arrived.filter((id) => ofShard.includes(id));
        expect(arrivedOfShard).toEqual([...arrivedOfShard].sort((a, b) => a - b));
      }
      expect(sent.filter(({ id, passes }) => !passes && arrived.includes(id))).toEqual([]);
      await local.close();
    }),
    { seed: 2025, numRuns: 60 },
  );
});
