import type { AlarmConfig, ComparisonOperator } from './alarm-config';
import type { Verdict } from './evaluate-alarm';

/** What is known of one period of an evaluation. */
export interface EvaluatedPeriod {
  /** Milliseconds since the epoch. */
  start: number;
  value?: number;
  sampleCount?: number;
}

const COMPARISONS: Record<ComparisonOperator, string> = {
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  GreaterThanThreshold: 'greater than',
  LessThanOrEqualToThreshold: 'less than or equal to',
  LessThanThreshold: 'less than',
};

const TREATMENTS = {
  breaching: 'Breaching',
  notBreaching: 'NonBreaching',
  ignore: 'Ignore',
  missing: 'Missing',
};

/** Why the verdict is as it is, in CloudWatch's words. `periods` are newest first. */
export function stateReason(
  config: AlarmConfig,
  { state, filled, judged }: Verdict,
  periods: EvaluatedPeriod[],
): string {
  const { evaluationPeriods, datapointsToAlarm, comparisonOperator, threshold } = config;
  if (state === 'INSUFFICIENT_DATA') {
    const were = evaluationPeriods === 1 ? 'was' : 'were';
    return `Insufficient Data: ${datapoints(evaluationPeriods)} ${were} unknown.`;
  }
  const treated =
    filled === 0
      ? ''
      : ` and ${filled} missing datapoint${filled === 1 ? ' was' : 's were'} ` +
        `treated as [${TREATMENTS[config.treatMissingData]}]`;
  if (judged.length === 0) {
    const count = `${evaluationPeriods} period${evaluationPeriods === 1 ? '' : 's'}`;
    return `Threshold Crossed: no datapoints were received for ${count}${treated}.`;
  }
  const counted = judged.filter(({ breaching }) => breaching === (state === 'ALARM'));
  const listed = counted.map(
    ({ period, value }) => `${decimal(value)} (${shortTime(periods[period]?.start ?? 0)})`,
  );
  const [least, transition] =
    state === 'ALARM'
      ? [datapointsToAlarm, 'OK -> ALARM']
      : [evaluationPeriods - datapointsToAlarm + 1, 'ALARM -> OK'];
  return (
    `Threshold Crossed: ${counted.length} out of the last ${judged.length} datapoints ` +
    `[${listed.join(', ')}] ${counted.length === 1 ? 'was' : 'were'} ` +
    `${state === 'ALARM' ? '' : 'not '}${COMPARISONS[comparisonOperator]} the threshold ` +
    `(${decimal(threshold)})${treated} (minimum ${datapoints(least)} for ${transition} transition).`
  );
}

/** The same for programs, as JSON. `periods` are newest first. */
export function stateReasonData(
  { statistic, periodSeconds, threshold, evaluationPeriods }: AlarmConfig,
  { judged }: Verdict,
  periods: EvaluatedPeriod[],
  now: number,
): string {
  const oldest = judged.at(-1);
  const shown = judged.length > 0 ? judged.map(({ period }) => periods[period]) : periods;
  return JSON.stringify({
    version: '1.0',
    queryDate: stateTime(now),
    ...(oldest && { startDate: stateTime(periods[oldest.period]?.start ?? 0) }),
    statistic,
    period: periodSeconds,
    recentDatapoints: judged.map(({ value }) => value).reverse(),
    threshold,
    evaluatedDatapoints: shown.slice(0, evaluationPeriods).flatMap((period) =>
      period
        ? {
            timestamp: stateTime(period.start),
            sampleCount: period.sampleCount,
            value: period.value,
          }
        : [],
    ),
  });
}

/** As alarms write a time: `2019-10-02T17:04:40.985+0000`. */
export function stateTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '+0000');
}

/** `16/07/24 13:13:00` */
function shortTime(milliseconds: number): string {
  const [date = '', time = ''] = new Date(milliseconds).toISOString().split('T');
  const [year = '', month, day] = date.split('-');
  return `${day}/${month}/${year.slice(2)} ${time.slice(0, 8)}`;
}

function datapoints(count: number): string {
  return `${count} datapoint${count === 1 ? '' : 's'}`;
}

/** 1 is `1.0`. */
function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
