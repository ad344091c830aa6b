import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { ManualClock, type Clock } from '../../src/core/clock';

export interface JumpingClock extends Clock {
  /** Says that something has just happened. */
  stir(): void;
  /** Lets the clock jump up to `until` (milliseconds since the epoch), and resolves once it is there. */
  runUntil(until: number): Promise<void>;
  /** From there on it runs with real time. */
  stopAt(time: number): void;
  close(): void;
}

const LOOKS_EVERY_MS = 2;
/** As long as nothing has happened for so long, nothing is going to before a timer is due. */
const QUIET_MS = 12;
/** Digits of a time, so that each overwrites the last one whole. */
const DIGITS = 15;

/**
 * A clock that runs with real time while something goes on, and otherwise jumps to when the next
 * timer is due, no further than it was told to. Its time is kept in a file, from which the next
 * process goes on.
 * @param path of the file
 * @param startAt where there is no such file yet; milliseconds since the epoch
 * @param busy whether something goes on whose end is not waited for by a timer of this clock
 */
export function openJumpingClock(path: string, startAt: number, busy: () => boolean): JumpingClock {
  const saved = savedTime(path);
  const clock = new ManualClock(saved ?? startAt);
  const file = openSync(path, saved === undefined ? 'w' : 'r+');
  let target = -Infinity;
  let waiting: { until: number; resolve: () => void }[] = [];
  let lookedAt = performance.now();
  let stirredAt = lookedAt;

  function moveTo(time: number): void {
    // First, so that time never goes back over a kill; one write of so few bytes is done or not.
    writeSync(file, String(time).padStart(DIGITS), 0);
    clock.advance(time - clock.now());
    const [there, later] = [true, false].map((is) =>
      waiting.filter(({ until }) => until <= clock.now() === is),
    );
    waiting = later!;
    for (const { resolve } of there!) resolve();
  }

  function look(): void {
    const at = performance.now();
    const passed = Math.round(at - lookedAt);
    if (passed > 0) {
      lookedAt += passed;
      moveTo(clock.now() + passed);
    }
    if (busy()) stirredAt = at;
    else if (at - stirredAt >= QUIET_MS) {
      const due = Math.min(clock.nextDue() ?? target, target);
      if (due > clock.now()) moveTo(due);
    }
    next = setTimeout(look, LOOKS_EVERY_MS);
  }
  let next = setTimeout(look, LOOKS_EVERY_MS);

  return {
    now: () => clock.now(),
    schedule: (callback, delayMs) => clock.schedule(callback, Math.ceil(delayMs)),
    stir() {
      stirredAt = performance.now();
    },
    runUntil(until) {
      target = Math.max(target, until);
      if (until <= clock.now()) return Promise.resolve();
      return new Promise((resolve) => waiting.push({ until, resolve }));
    },
    stopAt(time) {
      target = time;
      waiting = [];
    },
    close() {
      clearTimeout(next);
      closeSync(file);
    },
  };
}

function savedTime(path: string): number | undefined {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
