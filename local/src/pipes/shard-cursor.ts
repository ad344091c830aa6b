import type { PipeConfig } from './pipe-config';
import type { PipeEvent, PipeSource } from './pipe-source';

/** How far a pipe has come in a shard: what it has read, and what of that is settled. */
export interface ShardCursor {
  /** Reads on, as far as one batch goes. Returns how many events were gone before they were read. */
  read(): number;
  /** The next batch as far as it was read. */
  batch(): PipeEvent[];
  /** Whether a batch is as large as it may be. */
  full(): boolean;
  /** Events that were delivered or given up. */
  settle(events: readonly PipeEvent[]): void;
  /** How many events of the shard are not settled. */
  behind(): number;
}

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-kinesis.html
const MOST_PAYLOAD_BYTES = 6 * 1024 * 1024;

/**
 * Reads a shard from `start` on. `save` is given the position before which everything is settled,
 * whenever it has moved: what it keeps is where a later process goes on.
 */
export function openShardCursor(
  config: PipeConfig,
  source: PipeSource,
  shardId: string,
  start: number,
  passes: (event: PipeEvent) => boolean,
  save: (position: number) => void,
): ShardCursor {
  let next = start;
  let saved = start;
  /** Read and not settled, in order. The last may be more than a batch's payload takes. */
  let open: { event: PipeEvent; bytes: number }[] = [];

  function saveProgress(): void {
    const position = open[0]?.event.position ?? next;
    if (position === saved) return;
    save(position);
    saved = position;
  }

  function size(): number {
    let bytes = 0;
    const tooMuch = open.findIndex((entry, index) => {
      bytes += entry.bytes;
      return bytes > MOST_PAYLOAD_BYTES && index > 0;
    });
    return tooMuch < 0 ? open.length : tooMuch;
  }

  const full = (): boolean => open.length >= config.batchSize || size() < open.length;

  return {
    full,

    read() {
      let gone = 0;
      while (!full() && next < source.end(shardId)) {
        const events = source.read(shardId, next, config.batchSize - open.length);
        gone += (events[0]?.position ?? source.end(shardId)) - next;
        next = (events.at(-1)?.position ?? source.end(shardId) - 1) + 1;
        for (const event of events.filter(passes)) {
          open.push({ event, bytes: Buffer.byteLength(JSON.stringify(event.payload)) });
        }
      }
      saveProgress();
      return gone;
    },

    batch: () => open.slice(0, size()).map(({ event }) => event),

    settle(events) {
      const settled = new Set(events);
      open = open.filter(({ event }) => !settled.has(event));
      saveProgress();
    },

    behind: () => source.end(shardId) - (open[0]?.event.position ?? next),
  };
}
