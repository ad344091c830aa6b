import { parseScheduleExpression } from '../../src/eventbridge/schedule-expression';

const at = (time: string): number => Date.parse(time);

function ticks(expression: string, from: string, count = 3): string[] {
  const next = parseScheduleExpression(expression, at(from));
  const found: string[] = [];
  let time: number | undefined = at(from);
  while (found.length < count && (time = next(time)) !== undefined) {
    found.push(new Date(time).toISOString().slice(0, 16));
  }
  return found;
}

describe('a rate', () => {
  it.each([
    ['rate(1 minute)', ['2026-01-31T23:59', '2026-02-01T00:00', '2026-02-01T00:01']],
    ['rate(5 minutes)', ['2026-02-01T00:03', '2026-02-01T00:08', '2026-02-01T00:13']],
    ['rate(1 hour)', ['2026-02-01T00:58', '2026-02-01T01:58', '2026-02-01T02:58']],
    ['rate(2 days)', ['2026-02-02T23:58', '2026-02-04T23:58', '2026-02-06T23:58']],
  ])('%s counts from when the rule came to be', (expression, expected) => {
    expect(ticks(expression, '2026-01-31T23:58:00Z')).toEqual(expected);
  });

  it('keeps its phase however late it is asked', () => {
    const next = parseScheduleExpression('rate(10 minutes)', at('2026-01-01T00:03:00Z'));
    expect(next(at('2026-01-01T05:00:00Z'))).toBe(at('2026-01-01T05:03:00Z'));
  });

  it('has its first tick one period after the anchor, whatever the clock said before', () => {
    const next = parseScheduleExpression('rate(10 minutes)', at('2026-01-01T00:03:00Z'));
    expect(next(at('2025-12-31T00:00:00Z'))).toBe(at('2026-01-01T00:13:00Z'));
  });
});

describe('a cron expression', () => {
  // 31 January 2026 is a Saturday.
  it.each([
    ['cron(0 10 * * ? *)', ['2026-02-01T10:00', '2026-02-02T10:00', '2026-02-03T10:00']],
    ['cron(0/15 * * * ? *)', ['2026-02-01T00:00', '2026-02-01T00:15', '2026-02-01T00:30']],
    ['cron(5/30 * * * ? *)', ['2026-02-01T00:05', '2026-02-01T00:35', '2026-02-01T01:05']],
    ['cron(0 18 ? * MON-FRI *)', ['2026-02-02T18:00', '2026-02-03T18:00', '2026-02-04T18:00']],
    ['cron(0 18 ? * 2-6 *)', ['2026-02-02T18:00', '2026-02-03T18:00', '2026-02-04T18:00']],
    ['cron(0 0 ? * 1 *)', ['2026-02-01T00:00', '2026-02-08T00:00', '2026-02-15T00:00']],
    ['cron(0 0 ? * 7 *)', ['2026-02-07T00:00', '2026-02-14T00:00', '2026-02-21T00:00']],
    ['cron(0 0 ? * L *)', ['2026-02-07T00:00', '2026-02-14T00:00', '2026-02-21T00:00']],
    ['cron(0 0 ? * 6L *)', ['2026-02-27T00:00', '2026-03-27T00:00', '2026-04-24T00:00']],
    ['cron(0 0 ? * 3#2 *)', ['2026-02-10T00:00', '2026-03-10T00:00', '2026-04-14T00:00']],
    ['cron(0 0 ? * TUE#2 *)', ['2026-02-10T00:00', '2026-03-10T00:00', '2026-04-14T00:00']],
    ['cron(0 0 L * ? *)', ['2026-02-28T00:00', '2026-03-31T00:00', '2026-04-30T00:00']],
    ['cron(0 0 1W * ? *)', ['2026-02-02T00:00', '2026-03-02T00:00', '2026-04-01T00:00']],
    ['cron(0 8 1,15 * ? *)', ['2026-02-01T08:00', '2026-02-15T08:00', '2026-03-01T08:00']],
    ['cron(0 0 1 1/3 ? *)', ['2026-04-01T00:00', '2026-07-01T00:00', '2026-10-01T00:00']],
    ['cron(0 0 1 jan ? *)', ['2027-01-01T00:00', '2028-01-01T00:00', '2029-01-01T00:00']],
    ['cron(0 0 1 1 ? 2028-2029)', ['2028-01-01T00:00', '2029-01-01T00:00']],
    ['cron(0 0 1 1 ? 2027/2)', ['2027-01-01T00:00', '2029-01-01T00:00', '2031-01-01T00:00']],
    ['cron(0 0 1 1 ? 2020)', []],
  ])('%s', (expression, expected) => {
    expect(ticks(expression, '2026-01-31T23:58:00Z')).toEqual(expected);
  });
});

describe('what is no schedule', () => {
  it.each([
    ['rate(1 minutes)', /expected 1 minute\./],
    ['rate(5 minute)', /expected 5 minutes\./],
    ['rate(0 minutes)', /positive whole number/],
    ['rate(1.5 hours)', /positive whole number/],
    ['rate(30 seconds)', /minutes, hours or days/],
    ['every 5 minutes', /expected rate\(value unit\) or cron/],
    ['cron(0 10 * * ?)', /expected six fields, found 5/],
    ['cron(0 10 * * * *)', /one of day-of-month and day-of-week must be \?/],
    ['cron(0 10 ? * ? *)', /one of day-of-month and day-of-week must be \?/],
    ['cron(60 10 * * ? *)', /minute/i],
    ['cron(0 10 ? * 8 *)', /8/],
    ['cron(0 10 ? * 0 *)', /0/],
    ['cron(? 10 * * ? *)', /minutes is \?/],
    ['cron(0 10 * * ? 1969)', /years are 1970 to 2199/],
  ])('%s is refused by name', (expression, message) => {
    const parse = (): unknown => parseScheduleExpression(expression, 0);
    expect(parse).toThrow(message);
    expect(parse).toThrow(expression);
  });
});
