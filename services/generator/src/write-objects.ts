import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import type { Logger } from '@saleslake/shared/runtime/logger';
import { ndjsonChunks } from './ndjson';
import type { RawObject } from './raw-object';

/** Writes an object's chunks under its key, whole or not at all. */
export type WriteObject = (key: string, chunks: Iterable<Uint8Array>) => Promise<void>;

/** What was written. */
export interface Written {
  objects: { key: string; transactions: number; bytes: number }[];
  transactions: number;
}

export interface WriteOptions {
  write: WriteObject;
  logger: Logger;
  /** How much of the function's time is left, in milliseconds. */
  remainingMs: () => number;
}

// Days overlap so that one is made while others are on their way; more would only cost memory.
const CONCURRENCY = 4;
// Time to give up in order: to abort what is under way and to log.
const RESERVE_MS = 2000;

/**
 * Makes and writes objects, a few at a time, in order.
 * @throws what `write` throws, or OutOfTimeError before the function's time is up; either once
 * nothing is under way any more. The objects written until then stay: the same event overwrites
 * them with the same bytes.
 */
export async function writeObjects(
  objects: readonly RawObject[],
  { write, logger, remainingMs }: WriteOptions,
): Promise<Written> {
  const written = await concurrently(objects, async ({ key, transactions, lines }) => {
    let bytes = 0;
    function* chunks(): Generator<Uint8Array> {
      for (const chunk of ndjsonChunks(lines())) {
        if (remainingMs() < RESERVE_MS) throw outOfTime(key);
        bytes += chunk.byteLength;
        yield chunk;
      }
    }
    try {
      await write(key, chunks());
    } catch (error) {
      logger.error('object not written', { correlation_id: key, error: error as Error });
      throw error;
    }
    logger.info('object written', { correlation_id: key, transactions, bytes });
    return { key, transactions, bytes };
  });
  return {
    objects: written,
    transactions: written.reduce((sum, { transactions }) => sum + transactions, 0),
  };
}

function outOfTime(key: string): SaleslakeError {
  return new SaleslakeError(
    'OutOfTimeError',
    `The function's time ran out at ${key}. The same event writes the same objects again: give ` +
      'the function more time or memory, or split the range.',
  );
}

async function concurrently<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  const queue = items.entries();
  // All workers draw from the one queue.
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) {
      try {
        results[index] = await work(item);
      } catch (error) {
        failures.push(error);
      }
      if (failures.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}
