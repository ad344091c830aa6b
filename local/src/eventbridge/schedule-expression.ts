import { Cron } from 'croner';
import { AwsError } from '../core/aws-error';

/** The first tick after `after`, in milliseconds since the epoch; undefined where none follows. */
export type NextTick = (after: number) => number | undefined;

const UNIT_MS: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

// Which characters each field takes; that the values lie within bounds is croner's to check.
const CRON_FIELDS = [
  { name: 'minutes', last: 59, syntax: /^[\d*,/-]+$/ },
  { name: 'hours', last: 23, syntax: /^[\d*,/-]+$/ },
  { name: 'day-of-month', last: 31, syntax: /^([\d*,/-]+|\?|L|\d+W|LW)$/ },
  { name: 'month', last: 12, syntax: /^[\dA-Z*,/-]+$/ },
  { name: 'day-of-week', last: 7, syntax: /^([1-7A-Z*,/-]+|\?|\w+#[1-5])$/ },
  { name: 'year', last: 2199, syntax: /^[\d*,/-]+$/ },
];

/**
 * Reads an EventBridge schedule. `rate(value unit)` counts from `anchor`, the time at which the
 * rule came to be; `cron(minutes hours day-of-month month day-of-week year)` is in UTC, its days
 * of the week 1 to 7 from Sunday. Throws ValidationException naming what is wrong.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function parseScheduleExpression(expression: string, anchor: number): NextTick {
  const [, kind, body = ''] = /^(rate|cron)\(([^)]*)\)$/.exec(expression) ?? [];
  if (kind === 'rate') return parseRate(expression, body, anchor);
  if (kind === 'cron') return parseCron(expression, body);
  throw invalid(expression, 'expected rate(value unit) or cron(six fields)');
}

function parseRate(expression: string, body: string, anchor: number): NextTick {
  const [, digits = '', unit = '', plural = ''] =
    /^(\d+) (minute|hour|day)(s?)$/.exec(body.trim()) ?? [];
  const count = Number(digits);
  const unitMs = UNIT_MS[unit];
  if (!unitMs || count === 0) {
    throw invalid(expression, 'expected a positive whole number and minutes, hours or days');
  }
  if ((count === 1) === (plural === 's')) {
    throw invalid(expression, `expected ${count} ${unit}${count === 1 ? '' : 's'}`);
  }
  const period = count * unitMs;
  return (after) => {
    const passed = Math.floor((after - anchor) / period);
    return anchor + Math.max(1, passed + 1) * period;
  };
}

function parseCron(expression: string, body: string): NextTick {
  const fields = body.trim().toUpperCase().split(/\s+/);
  if (fields.length !== CRON_FIELDS.length) {
    throw invalid(expression, `expected six fields, found ${fields.length}`);
  }
  CRON_FIELDS.forEach(({ name, syntax }, i) => {
    if (!syntax.test(fields[i] ?? '')) {
      throw invalid(expression, `${name} is ${String(fields[i])}`);
    }
  });
  if ((fields[2] === '?') === (fields[4] === '?')) {
    throw invalid(expression, 'one of day-of-month and day-of-week must be ?, and not both');
  }
  for (const year of fields[5]?.match(/\d+/g) ?? []) {
    const isStep = fields[5]?.endsWith(`/${year}`) ?? false;
    if (!isStep && (Number(year) < 1970 || Number(year) > 2199)) {
      throw invalid(expression, 'years are 1970 to 2199');
    }
  }
  const cron = readCron(expression, fields.map(toCroner).join(' '));
  return (after) => cron.nextRun(new Date(after))?.getTime();
}

// AWS writes `5/15` for "from 5 on", `6L` for the last Friday and `L` for Saturday.
function toCroner(field: string, i: number): string {
  const last = CRON_FIELDS[i]?.last ?? 0;
  return field
    .split(',')
    .map((part) => {
      const open = part.replace(/^(\w+)\//, `$1-${last}/`);
      if (i !== 4) return open;
      return open === 'L' ? '7' : open.replace(/^([1-7]|[A-Z]{3})L$/, '$1#L');
    })
    .join(',');
}

function readCron(expression: string, pattern: string): Cron {
  try {
    return new Cron(`0 ${pattern}`, {
      mode: '7-part',
      utcOffset: 0,
      alternativeWeekdays: true,
      domAndDow: true,
      paused: true,
    });
  } catch (error) {
    throw invalid(expression, (error as Error).message);
  }
}

function invalid(expression: string, reason: string): AwsError {
  return new AwsError(
    'ValidationException',
    `Parameter ScheduleExpression is not valid. ${expression}: ${reason}.`,
  );
}
