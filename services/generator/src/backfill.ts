import { formatTimestamp } from '@saleslake/shared/contract/timestamp';
import { shareOut } from './largest-remainder';
import { rawObject, type RawObject } from './raw-object';
import { daysOf, weightOf, type Period } from './rhythm';
import type { Shop } from './shop';

/**
 * What a backfill writes: exactly `count` transactions, shared out over the days of the period by
 * the rhythm, one object a day. A day that gets none has no object. Seed, period and day decide
 * the keys: a repeat overwrites, also one with another count; another seed or period adds.
 */
export function backfillObjects(shop: Shop, period: Period, count: number): RawObject[] {
  const days = daysOf(period);
  const counts = shareOut(count, days.map(weightOf));
  const range = [formatTimestamp(period.from), formatTimestamp(period.to)];
  return days.flatMap((day, index) => {
    const ofDay = counts[index] ?? 0;
    if (ofDay === 0) return [];
    const name = ['backfill', ...range, formatTimestamp(day.from)];
    return [rawObject(shop, { label: 'backfill', name, date: day.from }, day, ofDay)];
  });
}
