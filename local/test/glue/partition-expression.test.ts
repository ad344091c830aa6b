import fc from 'fast-check';
import { partitionFilter } from '../../src/glue/partition-expression';

const KEYS = [
  { name: 'year', type: 'int' },
  { name: 'month', type: 'string' },
];

const PARTITIONS = [
  ['9', '01'],
  ['2024', '12'],
  ['2025', '01'],
  ['2025', '02'],
  ['__HIVE_DEFAULT_PARTITION__', '03'],
];

function chosen(expression: string): string[] {
  return PARTITIONS.filter(partitionFilter(expression, KEYS)).map((values) => values.join('-'));
}

const UNKNOWN_YEAR = '__HIVE_DEFAULT_PARTITION__-03';

describe('the expression of GetPartitions', () => {
  it.each([
    ['year > 1000', ['2024-12', '2025-01', '2025-02']],
    ["year = '2025'", ['2025-01', '2025-02']],
    ['year <> 2025', ['9-01', '2024-12']],
    ["month >= '03'", ['2024-12', UNKNOWN_YEAR]],
    ["year=2025 AND month='01'", ['2025-01']],
    ["(year=2024 OR month='01') AND NOT year = 9", ['2024-12', '2025-01']],
    ["year = 9 or year = 2025 and month = '02'", ['9-01', '2025-02']],
    ["month in ('01', '12')", ['9-01', '2024-12', '2025-01']],
    ['year not in (2024, 2025)', ['9-01']],
    ['year between 2024 and 2025', ['2024-12', '2025-01', '2025-02']],
    ["month like '0%'", ['9-01', '2025-01', '2025-02', UNKNOWN_YEAR]],
    ["month not like '_1'", ['2024-12', '2025-02', UNKNOWN_YEAR]],
    ['year is null', [UNKNOWN_YEAR]],
    ['YEAR IS NOT NULL and "month" = \'12\'', ['2024-12']],
    ['', ['9-01', '2024-12', '2025-01', '2025-02', UNKNOWN_YEAR]],
  ])('%s', (expression, expected) => {
    expect(chosen(expression)).toEqual(expected);
  });

  it.each([
    ['day = 1', 'expected a partition column (year, month), found day'],
    ['year = ', 'expected a literal, found the end'],
    ["year = 'x'", 'expected a number to compare year with, found x'],
    ['year 2025', 'expected a comparison, found 2025'],
    ['(year = 1', 'expected ), found the end'],
    ["month = '01' month = '02'", 'expected AND, OR or the end, found month'],
    ['month like 1', 'expected a pattern in quotes, found 1'],
    ['year = 1 ;', 'cannot read  ;'],
  ])('refuses %s', (expression, reason) => {
    expect(() => partitionFilter(expression, KEYS)).toThrow(reason);
  });

  it('finds a value by its own text, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (value, other) => {
        const finds = partitionFilter(`month = '${value.replaceAll("'", "''")}'`, KEYS);
        expect(finds(['1', value])).toBe(true);
        expect(finds(['1', other])).toBe(other === value);
      }),
      { seed: 7 },
    );
  });
});
