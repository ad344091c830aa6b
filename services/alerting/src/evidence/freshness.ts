import { overview } from './commands';
import { count, utc, type FindEvidence } from './evidence';

/** A table for which nothing has arrived for too long. */
export const findSilence: FindEvidence = ({ metric, reason, began }, { stage }) => {
  const table = metric.dimensions['table'] ?? '';
  const minutes = Math.round(reason.value ?? 0);
  const limit =
    reason.threshold === undefined
      ? ''
      : ` (expected at least every ${count(reason.threshold, 'minute')})`;
  return Promise.resolve({
    headline: `nothing for ${table} in ${count(minutes, 'minute')}`,
    facts: [
      `Nothing has arrived for the table ${table} in ${count(minutes, 'minute')}${limit}.`,
      `The last arrival was at about ${utc(began - minutes * 60_000)}.`,
    ],
    whereabouts: ['Nothing is lost here: look at what produces or brings the data.'],
    show: [overview(stage)],
    replay: [],
    afterwards: `Data arrives for ${table} again.`,
    mark: '',
  });
};
