import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What was seen from outside while the local AWS ran; `at` is milliseconds since the epoch. */
export type Observed =
  /** At a whole minute, by queue: messages that are visible, and the age of the oldest in seconds. */
  | {
      kind: 'minute';
      at: number;
      visible: Record<string, number>;
      oldest: Record<string, number>;
    }
  | { kind: 'invocation'; at: number; function: string; ok: boolean };

/** All of it, in its order. A last line that a kill cut short is left out. */
export function readObserved(folder: string): Observed[] {
  return readFileSync(join(folder, 'observed.ndjson'), 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Observed];
      } catch {
        return [];
      }
    });
}
