import { join } from 'node:path';
import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import { DurableMap } from '../core/durable-map';
import { fileKey } from '../eventbridge/file-key';
import { checkRole } from './check-role';
import { compileFilters } from './event-filter';
import type { PipeConfig } from './pipe-config';
import type { PipeConnections } from './pipe-connections';
import { invalidPipe } from './pipe-error';
import { kinesisSource, tableSource, type PipeEvent, type PipeSource } from './pipe-source';
import { targetKind, type PipeTarget } from './pipe-target';
import { openShardCursor, type ShardCursor } from './shard-cursor';
import { startShardWorker, type ShardWorker } from './shard-worker';
import { compileTargetInput } from './target-input';

export type { PipeConfig } from './pipe-config';
export type { PipeConnections } from './pipe-connections';

export interface Pipes {
  /**
   * Makes a pipe, which goes on where one of its name and source came to. Source and target must
   * be there. Throws ValidationException where AWS would refuse it or it would fail at once, as
   * without leave to read its source.
   */
  createPipe(config: PipeConfig): void;
  start(): void;
  /** Waits for deliveries under way. Rejects with what went wrong in a pipe itself, if anything. */
  stop(): Promise<void>;
  /** Whether every running pipe has delivered or given up everything that its source has. */
  idle(): boolean;
  pipes(): {
    name: string;
    sourceArn: string;
    targetArn: string;
    /** Records of the source not handled yet. */
    behind: number;
  }[];
}

interface Pipe {
  config: PipeConfig;
  source: PipeSource;
  target: PipeTarget;
  passes: (event: PipeEvent) => boolean;
  /** By shard: the position before which everything is settled. */
  checkpoints: DurableMap<number>;
  /** By shard; of a pipe that runs. */
  cursors: Map<string, ShardCursor>;
  workers: ShardWorker[];
}

/**
 * Opens EventBridge Pipes over `<stateDir>/pipes`. Nothing is delivered before `start`.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes.html
 */
export function openPipes(context: AwsContext, connections: PipeConnections): Pipes {
  const pipes = new Map<string, Pipe>();
  const unsubscribe: (() => void)[] = [];

  function openSource({ where, sourceArn, roleArn }: PipeConfig): PipeSource {
    if (sourceArn.includes(':kinesis:')) {
      return kinesisSource(connections.kinesisStream(sourceArn), roleArn);
    }
    if (/:dynamodb:.*\/stream\//.test(sourceArn)) {
      return tableSource(connections.tableStream(sourceArn));
    }
    throw invalidPipe(where, `has the source ${sourceArn}; expected a DynamoDB or Kinesis stream`);
  }

  function createPipe(config: PipeConfig): void {
    checkConfig(config);
    checkRole(config, connections);
    const source = openSource(config);
    const kind = targetKind(config.where, config.targetArn);
    const inputOf = compileTargetInput(config, context.clock);
    const folder = join(context.stateDir, 'pipes', config.name, fileKey(source.identity));
    const pipe: Pipe = {
      config,
      source,
      target: kind.open(config, connections, inputOf),
      passes: compileFilters(config),
      checkpoints: new DurableMap(folder),
      cursors: new Map(),
      workers: [],
    };
    for (const shardId of source.shardIds()) startingPoint(pipe, shardId);
    pipes.set(config.name, pipe);
  }

  /** Where the pipe goes on in a shard; kept, so that LATEST means the time it was first made. */
  function startingPoint({ config, source, checkpoints }: Pipe, shardId: string): number {
    const kept = checkpoints.get(shardId);
    const end = source.end(shardId);
    if (kept !== undefined && kept <= end) return kept;
    // Beyond the end: the stream's files were taken away.
    const start = config.startingPosition === 'LATEST' ? end : source.oldest(shardId);
    checkpoints.set(shardId, start);
    return start;
  }

  function startShards(pipe: Pipe): void {
    const { config, source, target, passes, checkpoints, cursors, workers } = pipe;
    for (const shardId of source.shardIds()) {
      if (cursors.has(shardId)) continue;
      const start = startingPoint(pipe, shardId);
      const save = (position: number): void => checkpoints.set(shardId, position);
      const cursor = openShardCursor(config, source, shardId, start, passes, save);
      cursors.set(shardId, cursor);
      workers.push(startShardWorker(context, config, connections, source, target, shardId, cursor));
    }
  }

  function behind({ source, checkpoints, cursors }: Pipe): number {
    return source
      .shardIds()
      .map(
        (shardId) =>
          cursors.get(shardId)?.behind() ??
          source.end(shardId) - (checkpoints.get(shardId) ?? source.oldest(shardId)),
      )
      .reduce((sum, count) => sum + count, 0);
  }

  const running = (): Pipe[] =>
    [...pipes.values()].filter(({ config }) => config.desiredState === 'RUNNING');

  return {
    createPipe(config) {
      if (pipes.get(config.name)?.workers.length) {
        throw new AwsError('ConflictException', `Pipe ${config.name} is running.`);
      }
      createPipe(config);
    },

    start() {
      for (const pipe of running()) {
        startShards(pipe);
        unsubscribe.push(pipe.source.onEvent(() => startShards(pipe)));
      }
    },

    async stop() {
      for (const leave of unsubscribe.splice(0)) leave();
      const stopped = await Promise.allSettled(
        running().flatMap(({ workers }) => workers.splice(0).map((worker) => worker.stop())),
      );
      for (const { cursors } of pipes.values()) cursors.clear();
      const failed = stopped.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
    },

    idle: () => running().every((pipe) => behind(pipe) === 0),

    pipes: () =>
      [...pipes.values()].map((pipe) => {
        const { name, sourceArn, targetArn } = pipe.config;
        return { name, sourceArn, targetArn, behind: behind(pipe) };
      }),
  };
}

/** https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_PipeSourceDynamoDBStreamParameters.html */
function checkConfig(config: PipeConfig): void {
  const { where, name, targetArn, deadLetterArn } = config;
  const within = (what: string, value: number, lowest: number, highest: number): void => {
    if (Number.isInteger(value) && value >= lowest && value <= highest) return;
    throw invalidPipe(where, `has ${what} ${value}; expected ${lowest} to ${highest}`);
  };
  if (!/^[.\-_A-Za-z0-9]{1,64}$/.test(name) || /^\.+$/.test(name)) {
    throw invalidPipe(where, `has the name ${JSON.stringify(name)}, which is none`);
  }
  within('BatchSize', config.batchSize, 1, targetKind(where, targetArn).mostInABatch);
  within('MaximumBatchingWindowInSeconds', config.maximumBatchingWindowSeconds, 0, 300);
  within('MaximumRetryAttempts', config.maximumRetryAttempts, -1, 10_000);
  within('MaximumRecordAgeInSeconds', config.maximumRecordAgeSeconds, -1, 604_800);
  within('ParallelizationFactor', config.parallelizationFactor, 1, 10);
  if (deadLetterArn !== undefined && !deadLetterArn.includes(':sqs:')) {
    throw invalidPipe(where, `has the dead-letter target ${deadLetterArn}; expected an SQS queue`);
  }
}
