/** Where the local AWS gets its time and its timers, so that a test can hold both. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Calls back once after `delayMs` of this clock's time; the returned function cancels. */
  schedule(callback: () => void, delayMs: number): () => void;
}

// Node clamps longer timers to 1 ms: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * A clock that starts at `startAt` (milliseconds since the epoch) and runs `speed` times as fast
 * as the wall clock.
 */
export function fastClock(startAt: number, speed: number): Clock {
  const begun = Date.now();
  const now = (): number => startAt + (Date.now() - begun) * speed;
  return {
    now,
    schedule(callback, delayMs) {
      const due = now() + delayMs;
      let timer: NodeJS.Timeout;
      const arm = (): void => {
        const wait = (due - now()) / speed;
        if (wait > LONGEST_TIMER_MS) timer = setTimeout(arm, LONGEST_TIMER_MS);
        else timer = setTimeout(callback, Math.max(0, wait));
      };
      arm();
      return () => clearTimeout(timer);
    },
  };
}

/** The wall clock. */
export const realClock: Clock = fastClock(Date.now(), 1);

/** A clock that moves only when told to. Timers run in the order of their due times. */
export class ManualClock implements Clock {
  private timers: { due: number; callback: () => void }[] = [];

  constructor(private time: number) {}

  now(): number {
    return this.time;
  }

  schedule(callback: () => void, delayMs: number): () => void {
    const timer = { due: this.time + Math.max(0, delayMs), callback };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** When the next timer is due; undefined where there is none. */
  nextDue(): number | undefined {
    if (this.timers.length === 0) return undefined;
    return Math.min(...this.timers.map(({ due }) => due));
  }

  /** Moves on by `ms`, running every timer that falls due on the way. */
  advance(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const next = this.timers
        .filter((timer) => timer.due <= end)
        .sort((a, b) => a.due - b.due)
        .at(0);
      if (!next) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.time = Math.max(this.time, next.due);
      next.callback();
    }
    this.time = end;
  }
}
