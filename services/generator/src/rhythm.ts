import { timestampPart } from '@saleslake/shared/contract/timestamp';
import { below, type Random } from '@saleslake/shared/synthetic/random';
import { weightedChoice } from './weighted-choice';

const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** A span of time in milliseconds since the epoch: from inclusive, to exclusive. */
export interface Period {
  from: number;
  to: number;
}

// How lively the hours of a day (UTC) and the days of a week (from Monday) are: quiet nights, a
// rise over noon, the peak in the evening, and more on Friday and the weekend.
const HOUR_WEIGHTS = [
  2, 1, 1, 1, 1, 2, 4, 8, 13, 17, 20, 22, 24, 22, 20, 19, 20, 23, 28, 32, 30, 22, 12, 5,
];
const DAY_WEIGHTS = [9, 8, 9, 10, 12, 16, 14];

/** How much is sold in a period, as a whole number that is proportional to it. */
export function weightOf(period: Period): number {
  return hoursOf(period).reduce((sum, hour) => sum + hour.weight, 0);
}

/** The days (UTC) that a period touches, in order, each cut to the period. */
export function daysOf(period: Period): Period[] {
  return cut(period, DAY_MS);
}

/**
 * `count` moments of a period in order, spread by the rhythm, as milliseconds after its start.
 * @param period of at most 49 days, the milliseconds of which fit 32 bits.
 */
export function momentsIn(period: Period, count: number, random: Random): Uint32Array {
  const hours = hoursOf(period);
  const choose = weightedChoice(hours.map(({ weight }) => weight));
  const moments = new Uint32Array(count);
  for (let index = 0; index < count; index += 1) {
    const { from, to } = hours[choose(random)] as Period;
    moments[index] = from - period.from + below(random, to - from);
  }
  return moments.sort();
}

function hoursOf(period: Period): (Period & { weight: number })[] {
  return cut(period, HOUR_MS).map(({ from, to }) => {
    const hour = HOUR_WEIGHTS[timestampPart(from, 'hour')] as number;
    const day = DAY_WEIGHTS[timestampPart(from, 'dayOfWeek')] as number;
    return { from, to, weight: hour * day * (to - from) };
  });
}

/** The period cut at every multiple of `step`. */
function cut({ from, to }: Period, step: number): Period[] {
  const pieces: Period[] = [];
  for (let start = from; start < to;) {
    const end = Math.min(to, (Math.floor(start / step) + 1) * step);
    pieces.push({ from: start, to: end });
    start = end;
  }
  return pieces;
}
