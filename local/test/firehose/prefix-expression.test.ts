import * as fc from 'fast-check';
import { evaluatePrefix, parsePrefix } from '../../src/firehose/prefix-expression';

const TIME = Date.parse('2018-08-27T10:30:05.123Z');
const evaluate = (text: string, values: object = {}): string =>
  evaluatePrefix(parsePrefix(text), { time: TIME, timeZone: 'UTC', ...values });
const format = (pattern: string, time = TIME, timeZone = 'UTC'): string =>
  evaluatePrefix(parsePrefix(`!{timestamp:${pattern}}`), { time, timeZone });

// https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
describe('a prefix expression', () => {
  it('evaluates the timestamps of the examples in the developer guide', () => {
    expect(evaluate('year=!{timestamp:yyyy}/month=!{timestamp:MM}/')).toBe('year=2018/month=08/');
    expect(evaluate("!{timestamp:'year='yyyy'/month='MM'/day='dd'/hour='HH}/")).toBe(
      'year=2018/month=08/day=27/hour=10/',
    );
  });

  it('evaluates a random string to eleven characters, new each time', () => {
    const [, first, second] =
      /^a\/([0-9a-f-]{11})\/([0-9a-f-]{11})\/$/.exec(
        evaluate('a/!{firehose:random-string}/!{firehose:random-string}/'),
      ) ?? [];
    expect(first).toBeDefined();
    expect(second).not.toBe(first);
  });

  it('evaluates the error output type and partition keys', () => {
    expect(
      evaluate('e/!{firehose:error-output-type}/', { errorOutputType: 'processing-failed' }),
    ).toBe('e/processing-failed/');
    expect(
      evaluate('y=!{partitionKeyFromLambda:year}/m=!{partitionKeyFromLambda:month}/', {
        partitionKeys: { year: '2025', month: '01' },
      }),
    ).toBe('y=2025/m=01/');
  });

  it.each([
    ['a/!{', '!{ other than in an expression'],
    ['a/!{timestamp}', '!{ other than in an expression'],
    ['!{timestamp:yyyy', '!{ other than in an expression'],
    ['!{firehose:uuid}', 'expected random-string or error-output-type'],
    ['!{date:yyyy}', 'the namespace date'],
    ['!{timestamp:yyyy-QQ}', 'the letter Q'],
    ['!{timestamp:HHH}', '3 times H'],
    ["!{timestamp:yyyy'}", "has ' outside quotes"],
    ['!{partitionKeyFromQuery:id}', 'does not emulate'],
  ])('refuses %s', (text, message) => {
    expect(() => parsePrefix(text)).toThrow(message);
  });

  // https://docs.oracle.com/javase/8/docs/api/java/time/format/DateTimeFormatter.html
  it.each([
    ['y yy yyyy yyyyy', '2018 18 2018 02018'],
    ['M MM MMM MMMM MMMMM', '8 08 Aug August A'],
    ['d dd D DDD', '27 27 239 239'],
    ['H HH h hh K k a', '10 10 10 10 10 10 AM'],
    ['m mm s ss S SSS SSSSSS', '30 30 5 05 1 123 123000'],
    ['E EEEE EEEEE', 'Mon Monday M'],
    ["'o''clock'", "o'clock"],
    ['yyyy/MM/dd/HH/', '2018/08/27/10/'],
  ])('formats %s as Java does', (pattern, expected) => {
    expect(format(pattern)).toBe(expected);
  });

  it('has the year of the week, not the year, for Y', () => {
    expect(format('YYYY yyyy ww', Date.parse('2025-12-29T00:00:00Z'))).toBe('2026 2025 01');
  });

  it('shows the time of a zone, also where summer time changes it', () => {
    expect(format('yyyy-MM-dd HH', Date.parse('2025-01-01T20:00:00Z'), 'Asia/Tokyo')).toBe(
      '2025-01-02 05',
    );
    expect(format('HH', Date.parse('2025-07-01T10:00:00Z'), 'Europe/Berlin')).toBe('12');
    expect(format('HH', Date.parse('2025-01-01T10:00:00Z'), 'Europe/Berlin')).toBe('11');
  });

  it('gives back any text without expressions', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        fc.pre(!text.includes('!{'));
        expect(evaluate(text)).toBe(text);
      }),
      { seed: 1 },
    );
  });

  it('gives back any text that a timestamp quotes', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        fc.pre(!text.includes('}'));
        expect(format(`'${text.replaceAll("'", "''")}'`)).toBe(text);
      }),
      { seed: 2 },
    );
  });

  it('formats every time of UTC as ISO 8601 does', () => {
    const years = { min: Date.UTC(1000, 0), max: Date.UTC(9999, 11) };
    fc.assert(
      fc.property(fc.integer(years), (time) => {
        expect(format("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", time)).toBe(new Date(time).toISOString());
      }),
      { seed: 3 },
    );
  });

  it('shows a fixed offset as UTC shows the time shifted by it', () => {
    const years = { min: Date.UTC(1975, 0), max: Date.UTC(2100, 0) };
    fc.assert(
      fc.property(fc.integer(years), (time) => {
        const pattern = 'yyyy DDD HH:mm:ss.SSS a';
        // POSIX counts west of Greenwich.
        expect(format(pattern, time, 'Etc/GMT+5')).toBe(format(pattern, time - 5 * 3_600_000));
      }),
      { seed: 4 },
    );
  });
});
