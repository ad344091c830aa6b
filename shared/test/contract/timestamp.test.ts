import {
  formatDate,
  formatTimestamp,
  parseDate,
  parseTimestamp,
  timestampPart,
} from '@saleslake/shared/contract/timestamp';
import fc from 'fast-check';

const seed = 20260101;
const firstMoment = Date.parse('0001-01-01T00:00:00Z');
const lastMoment = Date.parse('9999-12-31T23:59:59.999Z');

describe('parseTimestamp', () => {
  it('reads back what formatTimestamp writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: firstMoment, max: lastMoment }), (time) => {
        expect(parseTimestamp(formatTimestamp(time))).toBe(time);
      }),
      { seed },
    );
  });

  it.each([
    ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01 12:00:00Z', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01T12:00:00.5Z', '2026-03-01T12:00:00.500Z'],
    ['2026-03-01T12:00:00.123456789Z', '2026-03-01T12:00:00.123Z'],
    ['2026-03-01T00:30:00+01:00', '2026-02-28T23:30:00.000Z'],
    ['2024-02-29T23:30:00-05:30', '2024-03-01T05:00:00.000Z'],
  ])('reads %s as %s', (text, expected) => {
    expect(formatTimestamp(parseTimestamp(text) ?? NaN)).toBe(expected);
  });

  it.each([
    '2026-03-01T12:00:00',
    '2026-03-01',
    '2026-02-29T12:00:00Z',
    '2026-13-01T12:00:00Z',
    '2026-00-01T12:00:00Z',
    '2026-01-00T12:00:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T12:60:00Z',
    '2026-03-01T12:00:60Z',
    '2026-03-01T12:00:00+24:00',
    '2026-03-01T12:00:00.Z',
    '1760000000',
    '',
  ])('refuses %j', (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });
});

describe('parseDate', () => {
  it('reads back what formatDate writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: -700_000, max: 2_900_000 }), (days) => {
        expect(parseDate(formatDate(days))).toBe(days);
      }),
      { seed },
    );
  });
});

describe('timestampPart', () => {
  it.each([
    ['year', 2026],
    ['month', 3],
    ['day', 1],
    ['hour', 23],
    ['dayOfWeek', 6],
  ] as const)('takes the %s of Sunday 2026-03-01T23:15Z as %i', (part, expected) => {
    expect(timestampPart(Date.UTC(2026, 2, 1, 23, 15), part)).toBe(expected);
  });
});
