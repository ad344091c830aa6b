import { join } from 'node:path';
import { customers } from '@saleslake/shared/tables/customers';
import { transactions } from '@saleslake/shared/tables/transactions';
import { formatFinding } from '../lint/finding';
import { lintDdl } from '../lint/lint-ddl';
import { lintFolder } from '../lint/lint-folder';
import { lintQuery } from '../lint/lint-query';
import { catalogOf } from '../lint/relation';

const catalog = catalogOf([transactions, customers], []);

interface Header {
  parameters?: string;
  columns?: string;
  order?: string;
}

function lint(statement: string, header: Header = {}) {
  const { parameters = 'none', columns = 'a integer', order = 'none' } = header;
  const text = `-- What is it?
-- Parameters: ${parameters}
-- Columns: ${columns}
-- Order: ${order}
${statement}
`;
  return lintQuery('a.sql', text, catalog);
}

/** The rules that a statement breaks. */
function rulesOf(statement: string, header?: Header): string[] {
  return [...new Set(lint(statement, header).map(({ rule }) => rule))];
}

const from = 'FROM transactions';

interface Case {
  rule: string;
  bad: string;
  good: string;
  header?: Header;
  badHeader?: Header;
}

const cases: Case[] = [
  {
    rule: 'syntax',
    bad: `SELECT quantity::integer AS a ${from}`,
    good: `SELECT CAST(quantity AS integer) AS a ${from}`,
  },
  {
    rule: 'syntax',
    bad: `SELECT quantity AS a ${from} WHERE category ILIKE 'toys'`,
    good: `SELECT quantity AS a ${from} WHERE lower(category) LIKE 'toys'`,
  },
  {
    rule: 'syntax',
    bad: `SELECT quantity AS a ${from} GROUP BY ALL`,
    good: `SELECT quantity AS a ${from} GROUP BY quantity`,
  },
  {
    rule: 'one-statement',
    bad: `SELECT quantity AS a ${from}; SELECT quantity AS a ${from}`,
    good: `SELECT quantity AS a ${from};`,
  },
  {
    rule: 'one-statement',
    bad: 'DROP TABLE transactions',
    good: `SELECT quantity AS a ${from}`,
  },
  {
    rule: 'function',
    bad: `SELECT avg(price) AS a ${from}`,
    good: `SELECT CAST(sum(price) AS double) / NULLIF(count(price), 0) AS a ${from}`,
    header: { columns: 'a double' },
  },
  {
    rule: 'function',
    bad: `SELECT strftime(timestamp, '%Y') AS a ${from}`,
    good: `SELECT date_format(timestamp, '%Y') AS a ${from}`,
    header: { columns: 'a varchar' },
  },
  {
    rule: 'function',
    bad: `SELECT count(DISTINCT year, month) AS a ${from}`,
    good: `SELECT count(*) AS a FROM (SELECT DISTINCT year, month ${from}) AS months`,
    header: { columns: 'a bigint' },
  },
  {
    rule: 'division',
    bad: `SELECT total_amount / quantity AS a ${from}`,
    good: `SELECT CAST(total_amount AS double) / NULLIF(quantity, 0) AS a ${from}`,
    header: { columns: 'a double' },
  },
  {
    rule: 'division',
    bad: `SELECT CAST(total_amount AS double) / quantity AS a ${from}`,
    good: `SELECT CAST(total_amount AS double) / NULLIF(quantity, 0) AS a ${from}`,
    header: { columns: 'a double' },
  },
  {
    rule: 'cast-integer',
    bad: `SELECT CAST(price AS integer) AS a ${from}`,
    good: `SELECT CAST(round(price) AS integer) AS a ${from}`,
  },
  {
    rule: 'cast-decimal',
    bad: `SELECT CAST(CAST(price AS double) * 2 AS decimal(12, 2)) AS a ${from}`,
    good: `SELECT CAST(round(CAST(price AS double) * 2, 2) AS decimal(12, 2)) AS a ${from}`,
    header: { columns: 'a decimal(12,2)' },
  },
  {
    rule: 'cast-varchar',
    bad: `SELECT CAST(timestamp AS varchar) AS a ${from}`,
    good: `SELECT date_format(timestamp, '%Y-%m-%d') AS a ${from}`,
    header: { columns: 'a varchar' },
  },
  {
    rule: 'type',
    bad: `SELECT CAST(quantity AS string) AS a ${from}`,
    good: `SELECT CAST(quantity AS varchar) AS a ${from}`,
    header: { columns: 'a varchar' },
    badHeader: { columns: 'a string' },
  },
  {
    rule: 'type',
    bad: `SELECT CAST(quantity AS decimal) AS a ${from}`,
    good: `SELECT CAST(quantity AS decimal(10, 0)) AS a ${from}`,
    header: { columns: 'a decimal(10,0)' },
  },
  {
    rule: 'date-arithmetic',
    bad: "SELECT signup_date + INTERVAL '1' DAY AS a FROM customers",
    good: "SELECT CAST(signup_date + INTERVAL '1' DAY AS date) AS a FROM customers",
    header: { columns: 'a date' },
  },
  {
    rule: 'date-arithmetic',
    bad: "SELECT date_trunc('month', signup_date) AS a FROM customers",
    good: `SELECT date_trunc('month', timestamp) AS a ${from}`,
    header: { columns: 'a timestamp' },
    badHeader: { columns: 'a date' },
  },
  {
    rule: 'window',
    bad: `SELECT max(quantity) FILTER (WHERE hour = 1) OVER () AS a ${from}`,
    good: `SELECT max(CASE WHEN hour = 1 THEN quantity END) OVER () AS a ${from}`,
  },
  {
    rule: 'window',
    bad: `SELECT count(DISTINCT quantity) OVER () AS a ${from}`,
    good: `SELECT count(quantity) OVER () AS a ${from}`,
    header: { columns: 'a bigint' },
  },
  {
    rule: 'comparison',
    bad: `SELECT quantity AS a ${from} WHERE year = '2026'`,
    good: `SELECT quantity AS a ${from} WHERE year = 2026`,
  },
  {
    rule: 'comparison',
    bad: `SELECT quantity AS a ${from} WHERE month IN ('1', '2')`,
    good: `SELECT quantity AS a ${from} WHERE month IN (1, 2)`,
  },
  {
    rule: 'comparison',
    bad: `SELECT quantity AS a ${from} WHERE timestamp >= '2026-01-01'`,
    good: `SELECT quantity AS a ${from} WHERE timestamp >= DATE '2026-01-01'`,
  },
  {
    rule: 'alias',
    bad: `SELECT quantity AS a ${from} WHERE a > 1`,
    good: `SELECT quantity AS a ${from} WHERE quantity > 1`,
  },
  {
    rule: 'alias',
    bad: `SELECT year AS a ${from} GROUP BY a`,
    good: `SELECT year AS a ${from} GROUP BY year`,
  },
  {
    rule: 'alias',
    bad: `SELECT year AS a ${from} GROUP BY year HAVING a > 1`,
    good: `SELECT year AS a ${from} GROUP BY year ORDER BY a`,
    header: { order: 'by a' },
    badHeader: {},
  },
  {
    rule: 'alias',
    bad: `SELECT quantity AS a, a + 1 AS b ${from}`,
    good: `SELECT quantity AS a, quantity + 1 AS b ${from}`,
    header: { columns: 'a integer, b integer' },
  },
  {
    rule: 'column',
    bad: `SELECT prise AS a ${from}`,
    good: `SELECT price AS a ${from}`,
    header: { columns: 'a decimal(10,2)' },
  },
  {
    rule: 'column',
    bad: `SELECT 1 AS a ${from} AS t JOIN customers AS c ON c.customer_id = t.customer_id WHERE customer_id = ''`,
    good: `SELECT 1 AS a ${from} AS t JOIN customers AS c ON c.customer_id = t.customer_id WHERE t.customer_id = ''`,
  },
  {
    rule: 'table',
    bad: 'SELECT quantity AS a FROM sold',
    good: `WITH sold AS (SELECT quantity ${from}) SELECT quantity AS a FROM sold`,
    badHeader: {},
  },
  {
    rule: 'star',
    bad: `SELECT * ${from}`,
    good: `SELECT quantity AS a, count(*) AS n ${from} GROUP BY quantity`,
    header: { columns: 'a integer, n bigint' },
  },
  {
    rule: 'names',
    bad: `SELECT quantity AS "Quantity" ${from}`,
    good: `SELECT quantity ${from}`,
    header: { columns: 'quantity integer' },
  },
  {
    rule: 'names',
    bad: `SELECT quantity a ${from}`,
    good: `SELECT quantity AS a ${from}`,
  },
  {
    rule: 'names',
    bad: `SELECT quantity + 1 ${from}`,
    good: `SELECT quantity + 1 AS a ${from}`,
  },
  {
    rule: 'limit',
    bad: `SELECT quantity AS a ${from} LIMIT 3`,
    good: `SELECT quantity AS a ${from} ORDER BY quantity LIMIT 3`,
    header: { order: 'by quantity' },
    badHeader: {},
  },
  {
    rule: 'parameter',
    bad: `SELECT quantity AS a ${from} WHERE quantity > ?`,
    good: `SELECT quantity AS a ${from} WHERE quantity > CAST(? AS integer)`,
    header: { parameters: 'least integer default 1' },
  },
  {
    rule: 'header',
    bad: `SELECT quantity AS a ${from} WHERE quantity > CAST(? AS integer)`,
    good: `SELECT quantity AS a ${from} WHERE quantity > CAST(? AS integer)`,
    header: { parameters: 'least integer default 1' },
    badHeader: {},
  },
  {
    rule: 'header',
    bad: `SELECT quantity AS a ${from} ORDER BY a`,
    good: `SELECT quantity AS a ${from}`,
  },
  {
    rule: 'header',
    bad: `SELECT quantity AS b ${from}`,
    good: `SELECT quantity AS a ${from}`,
  },
  {
    rule: 'header',
    bad: `SELECT sum(quantity) AS a ${from}`,
    good: `SELECT sum(quantity) AS a ${from}`,
    header: { columns: 'a bigint' },
    badHeader: { columns: 'a integer' },
  },
  {
    rule: 'view',
    bad: `CREATE VIEW a AS SELECT quantity AS a ${from}`,
    good: `CREATE OR REPLACE VIEW a AS SELECT quantity AS a ${from}`,
  },
  {
    rule: 'view',
    bad: `CREATE OR REPLACE VIEW b AS SELECT quantity AS a ${from}`,
    good: `CREATE OR REPLACE VIEW a AS SELECT quantity AS a ${from}`,
  },
];

describe('lintQuery', () => {
  it.each(cases)('$rule: refuses $bad', ({ rule, bad, header, badHeader }) => {
    expect(rulesOf(bad, badHeader ?? header)).toContain(rule);
  });

  it.each(cases)('$rule: lets pass $good', ({ good, header }) => {
    expect(lint(good, header)).toEqual([]);
  });

  it('says where, what to write instead, and which rule it is', () => {
    const [finding] = lint(`SELECT\n  quantity / 2 AS a\n${from}`);
    expect(formatFinding('sql/a.sql', finding!)).toMatch(
      /^sql\/a\.sql:6:12: write CAST\(a AS double\) \/ NULLIF\(b, 0\).* \(division\)$/,
    );
  });

  it('reports a header that cannot be read with its line', () => {
    expect(lintQuery('a.sql', 'SELECT quantity AS a FROM transactions', catalog)).toEqual([
      expect.objectContaining({ rule: 'header', line: 1 }),
    ]);
  });

  it('looks into queries within queries', () => {
    const nested = `WITH b AS (SELECT quantity / 2 AS a ${from}) SELECT a FROM b WHERE EXISTS (
      SELECT quantity / 3 AS c ${from})`;
    expect(lint(nested).filter(({ rule }) => rule === 'division')).toHaveLength(2);
  });
});

describe('lintDdl', () => {
  const ddl = (columns: string, partition = '`day` int', location = 's3://<bucket>/a/') =>
    `CREATE EXTERNAL TABLE IF NOT EXISTS \`a\` (${columns})
PARTITIONED BY (${partition})
STORED AS PARQUET
LOCATION '${location}'`;
  const rules = (text: string): string[] => lintDdl('a.sql', text).map(({ rule }) => rule);

  it('lets a table pass', () => {
    expect(lintDdl('a.sql', `-- A table.\n${ddl('`id` string, `at` timestamp')};`)).toEqual([]);
  });

  it.each([
    ['names', 'a name without backticks', ddl('id string')],
    ['syntax', 'a reserved name without backticks', ddl('date string')],
    ['names', 'a name in upper case', ddl('`Id` string')],
    ['names', 'a table that is not named like the file', ddl('`id` string').replace('`a`', '`b`')],
    ['column', 'a partition that is a column too', ddl('`id` string', '`id` string')],
    ['location', 'a location that is no folder', ddl('`id` string', '`day` int', 's3://bucket/a')],
    ['one-statement', 'a second statement', `${ddl('`id` string')};\n${ddl('`id` string')}`],
    ['one-statement', 'another statement', 'DROP TABLE `a`'],
    ['syntax', 'what is no DDL', ddl('`id`')],
  ])('%s: refuses %s', (rule, _, text) => {
    expect(rules(text)).toContain(rule);
  });
});

it('finds nothing to say of the texts of sql/', () => {
  expect(lintFolder(join(__dirname, '..'))).toEqual([]);
});
