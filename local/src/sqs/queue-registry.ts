import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { writeFileAtomically } from '../core/atomic-file';
import type { AwsContext } from '../core/aws-context';
import { openQueue, type Queue } from './queue';
import { checkConfig, describeConfig, type QueueConfig } from './queue-config';
import { invalidParameter, queueDoesNotExist } from './sqs-error';

/** A queue's own file. Times are milliseconds since the epoch. */
export interface QueueRecord {
  config: QueueConfig;
  createdAt: number;
  modifiedAt: number;
  purgedAt?: number;
}

export interface QueueRegistry {
  /** By ARN. */
  queues: ReadonlyMap<string, Queue>;
  arnOf(name: string): string;
  /** Throws QueueDoesNotExist. */
  get(arn: string): Queue;
  /** Throws QueueDoesNotExist. */
  record(arn: string): QueueRecord;
  /** Makes the queue, or takes over the configuration where there is one of that name. */
  put(config: QueueConfig): void;
  /** Deletes every message and notes when. */
  purge(arn: string): void;
  remove(arn: string): void;
}

const RECORD = 'queue.json';

/**
 * Every queue in a folder of its name: `queue.json`, and its messages beside it. All that are
 * there are opened, so that a queue made through the API lives on as one from a template does.
 */
export function openQueueRegistry(context: AwsContext): QueueRegistry {
  const root = join(context.stateDir, 'sqs');
  const queues = new Map<string, Queue>();
  const records = new Map<string, QueueRecord>();

  const arnOf = (name: string): string =>
    `arn:aws:sqs:${context.region}:${context.accountId}:${name}`;

  const get = (arn: string): Queue => {
    const queue = queues.get(arn);
    if (queue) return queue;
    throw queueDoesNotExist(arn);
  };

  const record = (arn: string): QueueRecord => {
    const found = records.get(arn);
    if (found) return found;
    throw queueDoesNotExist(arn);
  };

  function open(opened: QueueRecord): void {
    const { arn, name } = opened.config;
    const folder = join(root, name, 'messages');
    records.set(arn, opened);
    queues.set(
      arn,
      openQueue(
        context,
        folder,
        () => record(arn).config,
        (target) => queues.get(target),
      ),
    );
  }

  function save(saved: QueueRecord): void {
    writeFileAtomically(join(root, saved.config.name, RECORD), JSON.stringify(saved));
    records.set(saved.config.arn, saved);
  }

  for (const name of existsSync(root) ? readdirSync(root).sort() : []) {
    const path = join(root, name, RECORD);
    // A folder without its record is a queue that a kill left half deleted.
    if (!existsSync(path)) rmSync(join(root, name), { recursive: true });
    else {
      const found = JSON.parse(readFileSync(path, 'utf8')) as QueueRecord;
      // Account and region are this start's, whatever they were when the queue was made.
      open({ ...found, config: { ...found.config, arn: arnOf(name) } });
    }
  }

  return {
    queues,
    arnOf,
    get,
    record,

    put(config) {
      checkConfig(config);
      const { arn, name } = config;
      if (arn !== arnOf(name)) {
        throw invalidParameter(`The ARN of queue ${name} is ${arn}; expected ${arnOf(name)}.`);
      }
      const now = context.clock.now();
      const present = records.get(arn);
      if (!present) {
        const made = { config, createdAt: now, modifiedAt: now };
        save(made);
        open(made);
      } else if (!isDeepStrictEqual(describeConfig(present.config), describeConfig(config))) {
        save({ ...present, config, modifiedAt: now });
      }
    },

    purge(arn) {
      get(arn).purge();
      save({ ...record(arn), purgedAt: context.clock.now() });
    },

    remove(arn) {
      const folder = join(root, record(arn).config.name);
      // The record first: the next start clears away what is left of a folder without one.
      rmSync(join(folder, RECORD));
      get(arn).purge();
      rmSync(folder, { recursive: true });
      queues.delete(arn);
      records.delete(arn);
    },
  };
}
