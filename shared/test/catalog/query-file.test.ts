import fc from 'fast-check';
import { parseQueryFile } from '@saleslake/shared/catalog/query-file';

const text = `-- Which orders are worth at least so much?
-- Parameters: minimum decimal(12,2) default 500.00, since date default DATE '2026-01-01',
--   name varchar default 'a, (b'
-- Columns: order_id varchar, worth decimal(38,2)
-- Order: by worth, largest first
--
-- Orders without a price are
-- left out.
SELECT order_id, 1 AS worth -- not a header
FROM orders_current
`;

function withLine(line: number, replacement: string | undefined): string {
  const lines = text.split('\n');
  lines.splice(line - 1, 1, ...(replacement === undefined ? [] : [replacement]));
  return lines.join('\n');
}

const parsed = (changed: string) => () => parseQueryFile('sql/analytics/worth.sql', changed);

describe('parseQueryFile', () => {
  it('reads what the header says and the statement after it', () => {
    expect(parseQueryFile('sql/analytics/big-orders.sql', text)).toEqual({
      name: 'big-orders',
      kind: 'query',
      question: 'Which orders are worth at least so much?',
      parameters: [
        { name: 'minimum', type: 'decimal(12,2)', default: '500.00' },
        { name: 'since', type: 'date', default: "DATE '2026-01-01'" },
        { name: 'name', type: 'varchar', default: "'a, (b'" },
      ],
      columns: [
        { name: 'order_id', type: 'varchar' },
        { name: 'worth', type: 'decimal(38,2)' },
      ],
      order: 'by worth, largest first',
      notes: 'Orders without a price are left out.',
      sql: 'SELECT order_id, 1 AS worth -- not a header\nFROM orders_current',
    });
  });

  it('knows a view by its statement', () => {
    const view = text.replace('SELECT', 'CREATE OR REPLACE VIEW worth AS\nSELECT');
    expect(parseQueryFile('worth.sql', view).kind).toBe('view');
  });

  it('takes none for no parameters and for no order', () => {
    const plain = '-- Is it?\n-- Parameters: none\n-- Columns: a date\n-- Order: none\nSELECT 1;\n';
    expect(parseQueryFile('plain.sql', plain)).toMatchObject({
      parameters: [],
      order: undefined,
      notes: '',
      sql: 'SELECT 1',
    });
  });

  it('reads a file with Windows line ends the same', () => {
    const windows = parseQueryFile('worth.sql', text.replaceAll('\n', '\r\n'));
    expect(windows).toEqual(parseQueryFile('worth.sql', text));
  });

  it.each<[string, string, RegExp]>([
    ['a first line that asks nothing', withLine(1, '-- Orders'), /worth\.sql:1: .*question/],
    ['a file without a header', 'SELECT 1', /worth\.sql:1: .*question/],
    ['a file without a statement', text.slice(0, text.indexOf('SELECT')), /no statement/],
    ['a field that is not there', withLine(4, undefined), /worth\.sql:4: expected -- Columns/],
    ['a field of another name', withLine(5, '-- Sorted: by a'), /worth\.sql:5: expected -- Order/],
    ['a header that ends early', withLine(5, undefined), /worth\.sql:5: .*-- Order/],
    ['an empty field', withLine(4, '-- Columns:'), /worth\.sql:4: Columns is empty: write none/],
    ['notes that nothing separates', withLine(6, '-- Notes'), /worth\.sql:6: expected an empty/],
    ['a column without a type', withLine(4, '-- Columns: order_id'), /worth\.sql:4: .*order_id/],
    ['a column in upper case', withLine(4, '-- Columns: Id varchar'), /worth\.sql:4: .*Id/],
    ['an open parenthesis', withLine(4, '-- Columns: a decimal(1'), /worth\.sql:4: .*decimal\(1/],
    ['a parameter without a default', withLine(2, '-- Parameters: a date,'), /worth\.sql:2: /],
  ])('refuses %s, naming file and line', (_, changed, message) => {
    expect(parsed(changed)).toThrow(message);
  });

  it('gives back any columns that a header lists', () => {
    const column = fc.record({
      name: fc.stringMatching(/^[a-z][a-z0-9_]{0,10}$/),
      type: fc.constantFrom('varchar', 'bigint', 'decimal(38,2)', 'date', 'timestamp', 'char(3)'),
    });
    fc.assert(
      fc.property(fc.array(column, { minLength: 1, maxLength: 12 }), (columns) => {
        const list = columns.map(({ name, type }) => `${name} ${type}`).join(',\n--   ');
        const file = `-- Is it?\n-- Parameters: none\n-- Columns: ${list}\n-- Order: none\nSELECT 1`;
        expect(parseQueryFile('a.sql', file).columns).toEqual(columns);
      }),
      { seed: 7 },
    );
  });
});
