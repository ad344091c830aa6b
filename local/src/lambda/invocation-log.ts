import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

const TAIL_BYTES = 4096;

/** What one invocation writes to its function's log. */
export interface InvocationLog {
  write(text: string): void;
  /** The last 4 KiB, as `LogResult` holds them. */
  tail(): string;
}

/** Opens the log of one invocation; `path` is the file that all of the function's share. */
export function openInvocationLog(path: string): InvocationLog {
  mkdirSync(dirname(path), { recursive: true });
  let tail = Buffer.alloc(0);
  return {
    write(text) {
      appendFileSync(path, text);
      tail = Buffer.concat([tail, Buffer.from(text)]).subarray(-TAIL_BYTES);
    },
    tail() {
      // The cut may have gone through a character, of which only continuation bytes are left.
      const start = tail.findIndex((byte) => byte >> 6 !== 0b10);
      return tail.subarray(Math.max(0, start)).toString('utf8');
    },
  };
}
