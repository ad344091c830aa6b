import { formatTimestamp } from '@saleslake/shared/contract/timestamp';
import { rawObject, type RawObject } from './raw-object';
import type { Shop } from './shop';

/** How long before a tick its transactions lie: the schedule's rate. */
export const TICK_INTERVAL_MS = 300_000;

/**
 * What one tick of the schedule writes: exactly `count` transactions of the interval before it.
 * @param time of the scheduled event in milliseconds since the epoch, a whole second; the key is
 * of its day, also where the interval begins the day before.
 */
export function tickObject(
  shop: Shop,
  time: number,
  count: number,
  intervalMs = TICK_INTERVAL_MS,
): RawObject {
  const moment = formatTimestamp(time);
  const label = `tick-${moment.replace(/[-:]|\.\d+/g, '')}`;
  const period = { from: time - intervalMs, to: time };
  return rawObject(shop, { label, name: ['tick', moment], date: time }, period, count);
}
