import type { AlarmConfig } from './alarm-config';
import { invalidParameter } from './cloudwatch-error';

const DAY_SECONDS = 86_400;
const MOST_ACTIONS = 5;
const MOST_DIMENSIONS = 30;

/**
 * Throws InvalidParameterValueException for what CloudWatch refuses in an alarm, and for what the
 * local one cannot do.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export function checkAlarm(config: AlarmConfig): void {
  const { name, periodSeconds, evaluationPeriods, datapointsToAlarm, threshold } = config;
  const expect = (holds: boolean, expected: string): void => {
    if (!holds) throw invalidParameter(`Alarm ${JSON.stringify(name)}: ${expected}.`);
  };
  expect(name !== '' && name.length <= 255, 'expected a name of 1 to 255 characters');
  expect(config.namespace !== '', 'expected a Namespace');
  expect(config.metricName !== '', 'expected a MetricName');
  expect(
    Object.keys(config.dimensions).length <= MOST_DIMENSIONS,
    `expected at most ${MOST_DIMENSIONS} dimensions`,
  );
  expect(
    periodSeconds > 0 && periodSeconds % 60 === 0,
    `Period is ${periodSeconds}; the local AWS expects a multiple of 60 seconds`,
  );
  expect(
    Number.isInteger(evaluationPeriods) && evaluationPeriods >= 1,
    `EvaluationPeriods is ${evaluationPeriods}; expected a whole number from 1`,
  );
  expect(
    Number.isInteger(datapointsToAlarm) &&
      datapointsToAlarm >= 1 &&
      datapointsToAlarm <= evaluationPeriods,
    `DatapointsToAlarm is ${datapointsToAlarm}; expected 1 to EvaluationPeriods`,
  );
  expect(
    periodSeconds * evaluationPeriods <= DAY_SECONDS,
    `EvaluationPeriods of Period are ${periodSeconds * evaluationPeriods} seconds; ` +
      `expected at most ${DAY_SECONDS}`,
  );
  expect(Number.isFinite(threshold), `Threshold is ${threshold}; expected a number`);
  for (const [state, arns] of Object.entries(config.actions)) {
    expect(arns.length <= MOST_ACTIONS, `expected at most ${MOST_ACTIONS} actions for ${state}`);
    for (const arn of arns) {
      expect(
        arn.startsWith('arn:aws:sns:'),
        `${arn} is an action for ${state}; the local AWS knows topics as actions`,
      );
    }
  }
}
