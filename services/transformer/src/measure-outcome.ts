import type { Measure } from '@saleslake/shared/runtime/metrics';
import type { ObjectVersion } from './object-created';
import type { Outcome } from './publish-version';

/**
 * Measures what was published of an object: its records by what became of them, and how long
 * after its creation they were visible. An object that was published before, or that a
 * newer version took the place of, is not measured.
 *
 * Two invocations that publish one version together both measure it, and one that dies just after
 * publishing does not: alarms may rely on more than none, nobody on exact sums.
 * @param now in milliseconds since the epoch
 */
export function measureOutcome(
  measure: Measure,
  outcome: Outcome,
  { time }: ObjectVersion,
  now: number,
): void {
  if (outcome.state !== 'published') return;
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
