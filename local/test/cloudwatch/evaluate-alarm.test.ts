import fc from 'fast-check';
import type { AlarmState } from '../../src/cloudwatch/alarm-config';
import { evaluateAlarm, evaluationRange } from '../../src/cloudwatch/evaluate-alarm';
import { alarmConfig } from './local-cloudwatch';

const TREATMENTS = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;

/** `0 X -` from the oldest to the newest: below the threshold, beyond it, missing. */
function verdicts(points: string, datapointsToAlarm: number, current: AlarmState): string[] {
  const values = points
    .split(' ')
    .map((point) => ({ X: 9, '0': 0 })[point])
    .reverse();
  return TREATMENTS.map((treatMissingData) => {
    const config = alarmConfig({ evaluationPeriods: 3, datapointsToAlarm, treatMissingData });
    return evaluateAlarm(config, values, current).state;
  });
}

// The tables of https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
describe('an alarm of 3 datapoints out of 3, where data is missing', () => {
  const RETAINED = 'INSUFFICIENT_DATA';
  it.each([
    ['0 - X - X', ['OK', 'OK', 'OK', 'OK']],
    ['- - - - 0', ['OK', 'OK', 'OK', 'OK']],
    ['- - - - -', ['INSUFFICIENT_DATA', RETAINED, 'ALARM', 'OK']],
    ['0 X X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['- - X - -', ['ALARM', RETAINED, 'ALARM', 'OK']],
  ])('judges %s as AWS does', (points, expected) => {
    expect(verdicts(points, 3, RETAINED)).toEqual(expected);
  });
});

describe('an alarm of 2 datapoints out of 3, where data is missing', () => {
  const RETAINED = 'INSUFFICIENT_DATA';
  it.each([
    ['0 - X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['0 0 X 0 X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['0 - X - -', ['OK', 'OK', 'ALARM', 'OK']],
    ['- - - - 0', ['OK', 'OK', 'ALARM', 'OK']],
    ['- - - X -', ['ALARM', RETAINED, 'ALARM', 'OK']],
  ])('judges %s as AWS does', (points, expected) => {
    expect(verdicts(points, 2, RETAINED)).toEqual(expected);
  });

  it('keeps its state while a breach is too young to tell', () => {
    expect(verdicts('- - - - X', 2, 'OK')).toEqual(['OK', 'OK', 'ALARM', 'OK']);
  });
});

describe.each([
  ['GreaterThanThreshold', [false, false, true]],
  ['GreaterThanOrEqualToThreshold', [false, true, true]],
  ['LessThanThreshold', [true, false, false]],
  ['LessThanOrEqualToThreshold', [true, true, false]],
] as const)('%s', (comparisonOperator, breaching) => {
  it('compares the datapoint with the threshold', () => {
    const config = alarmConfig({ comparisonOperator });
    const judged = [4, 5, 6].map((value) => evaluateAlarm(config, [value], 'OK').state === 'ALARM');
    expect(judged).toEqual(breaching);
  });
});

const alarms = fc
  .record({ evaluationPeriods: fc.integer({ min: 1, max: 6 }), m: fc.integer({ min: 1, max: 6 }) })
  .map(({ evaluationPeriods, m }) =>
    alarmConfig({ evaluationPeriods, datapointsToAlarm: Math.min(m, evaluationPeriods) }),
  );
const states = fc.constantFrom<AlarmState>('OK', 'ALARM', 'INSUFFICIENT_DATA');
const point = fc.integer({ min: 0, max: 10 });
const SEED = { seed: 7, numRuns: 300 };

describe('M out of N', () => {
  it('is an alarm where M of the last N breach, if all data is there', () => {
    const cases = alarms.chain((config) => {
      const length = evaluationRange(config);
      return fc.tuple(
        fc.constant(config),
        fc.array(point, { minLength: length, maxLength: length }),
        states,
      );
    });
    fc.assert(
      fc.property(cases, ([config, values, current]) => {
        let breaching = 0;
        for (let i = 0; i < config.evaluationPeriods; i += 1) if (values[i]! > 5) breaching += 1;
        const expected = breaching >= config.datapointsToAlarm ? 'ALARM' : 'OK';
        expect(evaluateAlarm(config, values, current).state).toBe(expected);
      }),
      SEED,
    );
  });

  it('takes missing data for what it is told to, where there is too little of other', () => {
    const cases = alarms.chain((config) => {
      const length = evaluationRange(config);
      return fc.tuple(
        fc.constant(config),
        fc.array(fc.option(point, { nil: undefined }), { minLength: length, maxLength: length }),
        fc.constantFrom('breaching' as const, 'notBreaching' as const),
      );
    });
    fc.assert(
      fc.property(cases, ([config, values, treatMissingData]) => {
        const filler = treatMissingData === 'breaching' ? 9 : 0;
        const present: number[] = [];
        for (const value of values) if (value !== undefined) present.push(value);
        while (present.length < config.evaluationPeriods) present.push(filler);
        const breaching = present.slice(0, config.evaluationPeriods).filter((value) => value > 5);
        const expected = breaching.length >= config.datapointsToAlarm ? 'ALARM' : 'OK';
        expect(evaluateAlarm({ ...config, treatMissingData }, values, 'OK').state).toBe(expected);
      }),
      SEED,
    );
  });
});
