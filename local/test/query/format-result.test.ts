import { formatResult } from '../../src/query/format-result';

const result = {
  columns: [
    { name: 'category', numeric: false },
    { name: 'revenue', numeric: true },
  ],
  rows: [
    ['Home, "large"', '1234567890.10'],
    ['', '7.00'],
    [null, null],
  ],
};

describe('formatResult', () => {
  it('lines columns up in a table, numbers to the right', () => {
    expect(formatResult(result, 'table')).toBe(
      [
        'category             revenue',
        '─────────────  ─────────────',
        'Home, "large"  1234567890.10',
        '                        7.00',
        'NULL                    NULL',
        '(3 rows)',
        '',
      ].join('\n'),
    );
  });

  it('keeps every digit of a number in JSON', () => {
    expect(formatResult(result, 'json')).toBe(
      '{"category":"Home, \\"large\\"","revenue":1234567890.10}\n' +
        '{"category":"","revenue":7.00}\n' +
        '{"category":null,"revenue":null}\n',
    );
  });

  it('tells NULL from an empty string in CSV', () => {
    expect(formatResult(result, 'csv')).toBe(
      'category,revenue\r\n"Home, ""large""",1234567890.10\r\n"",7.00\r\n,\r\n',
    );
  });
});
