import { readFileIfPresent, writeFileAtomically } from '../core/atomic-file';
import type { Clock } from '../core/clock';

// So many values are reserved with one write.
const BLOCK = 1n << 16n;

/**
 * Gives out event sequencers: 18 hexadecimal digits that grow with each call, across restarts
 * too, whatever the clock does. As S3's, they begin with the seconds since the epoch.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export function openSequencer(file: string, clock: Clock): () => string {
  const saved = BigInt(readFileIfPresent(file) ?? '0');
  const fromClock = BigInt(Math.max(0, Math.floor(clock.now() / 1000))) << 32n;
  let last = saved > fromClock ? saved : fromClock;
  let reserved = last;
  return () => {
    if (last === reserved) {
      reserved += BLOCK;
      writeFileAtomically(file, String(reserved));
    }
    last += 1n;
    return last.toString(16).toUpperCase().padStart(18, '0');
  };
}
