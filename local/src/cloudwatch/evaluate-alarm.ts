import type { AlarmConfig, AlarmState, ComparisonOperator } from './alarm-config';

/** How an alarm judges the periods that it looks at. */
export interface Verdict {
  state: AlarmState;
  /** How many missing datapoints were filled in, as TreatMissingData says. */
  filled: number;
  /** Which of the periods were judged, the newest first; at most EvaluationPeriods. */
  judged: { period: number; value: number; breaching: boolean }[];
}

/** How many periods more than EvaluationPeriods are read, for those that are missing. */
const EXTRA_PERIODS = 2;

const COMPARISONS: Record<ComparisonOperator, (value: number, threshold: number) => boolean> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
};

export const KNOWN_COMPARISONS = Object.keys(COMPARISONS) as ComparisonOperator[];

/** How many periods an evaluation reads. */
export function evaluationRange({ evaluationPeriods }: AlarmConfig): number {
  return evaluationPeriods + EXTRA_PERIODS;
}

/**
 * Judges `values`, one a period, the newest first and undefined where nothing was measured; as many
 * as `evaluationRange` says. The newest datapoints that are there count, further back too where
 * newer ones are missing; only where there are fewer than EvaluationPeriods does TreatMissingData
 * say what the others are.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 */
export function evaluateAlarm(
  config: AlarmConfig,
  values: (number | undefined)[],
  current: AlarmState,
): Verdict {
  const { evaluationPeriods, datapointsToAlarm, threshold, treatMissingData } = config;
  const compare = COMPARISONS[config.comparisonOperator];
  const judged = values
    .flatMap((value, period) =>
      value === undefined ? [] : [{ period, value, breaching: compare(value, threshold) }],
    )
    .slice(0, evaluationPeriods);
  const breaching = judged.filter((datapoint) => datapoint.breaching).length;
  const missing = evaluationPeriods - judged.length;
  const filled = treatMissingData === 'ignore' ? 0 : missing;
  const verdict = (state: AlarmState): Verdict => ({ state, filled, judged });

  if (treatMissingData === 'breaching') {
    return verdict(breaching + missing >= datapointsToAlarm ? 'ALARM' : 'OK');
  }
  if (breaching >= datapointsToAlarm) return verdict('ALARM');
  if (treatMissingData === 'notBreaching' || breaching < judged.length) return verdict('OK');
  // What is there breaches, but is too little for an alarm yet, or there is nothing.
  if (treatMissingData === 'ignore') return verdict(current);
  const oldest = judged.at(-1);
  if (!oldest) return verdict('INSUFFICIENT_DATA');
  // A breach as old as DatapointsToAlarm, with nothing since that contradicts it, is an alarm.
  return verdict(oldest.period + 1 >= datapointsToAlarm ? 'ALARM' : current);
}
