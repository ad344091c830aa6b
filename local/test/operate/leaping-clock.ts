import type { Clock } from '../../src/core/clock';

/** The wall clock, which can be put forward: what was due by then happens at once. */
export interface LeapingClock extends Clock {
  leap(ms: number): void;
}

export function leapingClock(): LeapingClock {
  let ahead = 0;
  const now = (): number => Date.now() + ahead;
  const waiting = new Set<{ at: number; timer?: NodeJS.Timeout; run: () => void }>();

  function arm(entry: { at: number; timer?: NodeJS.Timeout; run: () => void }): void {
    clearTimeout(entry.timer);
    entry.timer = setTimeout(
      () => {
        waiting.delete(entry);
        entry.run();
      },
      // As long as a timer of Node's waits at most.
      Math.min(Math.max(entry.at - now(), 0), 2 ** 31 - 1),
    );
  }

  return {
    now,
    schedule(task, delayMs) {
      const entry = { at: now() + delayMs, run: task };
      waiting.add(entry);
      arm(entry);
      return () => {
        waiting.delete(entry);
        clearTimeout((entry as { timer?: NodeJS.Timeout }).timer);
      };
    },
    leap(ms) {
      ahead += ms;
      for (const entry of waiting) arm(entry);
    },
  };
}
