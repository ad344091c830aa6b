import type { Measure } from '@saleslake/shared/runtime/metrics';
import type { ObjectVersion } from './object-created';
import type { Outcome } from './publish-version';

/**
 * Measures what was published of an object: its records by what became of them, and how long
 * after its creation they were visible. What a newer version took the place of is not measured, nor
 * what was published before; unless this is not the first attempt, as an earlier one may have died
 * between publishing and measuring. So nothing published goes unmeasured, and some is measured
 * twice: alarms may rely on more than none, nobody on exact sums.
 * @param attempt how often the event was received, from 1
 * @param now in milliseconds since the epoch
 */
export function measureOutcome(
  measure: Measure,
  outcome: Outcome,
  { time }: ObjectVersion,
  attempt: number,
  now: number,
): void {
  if (outcome.state === 'superseded' || (outcome.state === 'duplicate' && attempt === 1)) return;
  const { rows } = outcome.manifest;
  measure({
    RowsIn: rows.in,
    RowsGood: rows.good,
    RowsQuarantined: rows.quarantined,
    RowsDuplicate: rows.duplicates,
    ObjectsPublished: 1,
    // The clock of S3 may be ahead of this one.
    SecondsToPublish: [Math.max(0, (now - Date.parse(time)) / 1000), 'Seconds'],
  });
}
