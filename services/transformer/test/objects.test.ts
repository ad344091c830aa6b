import { gzipSync } from 'node:zlib';
import { sourceId } from '@saleslake/shared/lake/source-id';
import { RAW, sqsEvent, startLocalLake, type LocalLake } from './local-lake';
import { lines, onDay, sale } from './sale';

let lake: LocalLake;
let transform: (key: string, body: string | Uint8Array) => Promise<void>;

beforeAll(async () => {
  lake = await startLocalLake();
  const { handler } = await import('../src/handler');
  transform = async (key, body) => {
    const event = await lake.put(key, body);
    expect(await handler(sqsEvent(event))).toEqual({ batchItemFailures: [] });
  };
});

afterAll(() => lake.close());

/** Sets a test's objects apart from those of others, by their source ids. */
const from = (key: string): string =>
  `FROM transactions WHERE filename LIKE '%/${sourceId({ bucket: RAW, key })}.parquet'`;

const idsOf = async (key: string): Promise<unknown[]> => {
  const rows = await lake.query(`SELECT transaction_id AS id ${from(key)} ORDER BY id`);
  return rows.map(({ id }) => id);
};

it('writes a row with the types of the contract, under the day of its timestamp in UTC', async () => {
  const key = 'raw/transactions/date=2026-03-02/row.json';
  await transform(key, lines(sale(1, { timestamp: '2026-03-02T00:15:30.250+02:00' })));
  expect(await lake.query(`SELECT * EXCLUDE (filename, file_row_number) ${from(key)}`)).toEqual([
    {
      transaction_id: 't-1',
      timestamp: '2026-03-01 22:15:30.25+00',
      customer_id: 'C00001',
      product_id: 'P0001',
      product_name: 'Desk lamp',
      category: 'Home',
      quantity: 3,
      price: '19.99',
      total_amount: '59.97',
      hour: 22,
      day_of_week: 6,
      year: 2026,
      month: 3,
      day: 1,
    },
  ]);
});

it('writes rows of several days to a file each, in the order of the object', async () => {
  const key = 'raw/transactions/date=2026-03-09/days.json';
  const days = [8, 9, 8, 10, 9, 8];
  await transform(key, lines(...days.map((day, i) => sale(i, onDay(day)))));
  const rows = await lake.query(
    `SELECT day, list(transaction_id ORDER BY file_row_number) AS ids ${from(key)}
     GROUP BY day ORDER BY day`,
  );
  expect(rows).toEqual([
    { day: 8, ids: ['t-0', 't-2', 't-5'] },
    { day: 9, ids: ['t-1', 't-4'] },
    { day: 10, ids: ['t-3'] },
  ]);
  const id = sourceId({ bucket: RAW, key });
  expect((await lake.manifest(key)).outputs).toEqual([
    { key: `processed/transactions/year=2026/month=03/day=08/${id}.parquet`, rows: 3 },
    { key: `processed/transactions/year=2026/month=03/day=09/${id}.parquet`, rows: 2 },
    { key: `processed/transactions/year=2026/month=03/day=10/${id}.parquet`, rows: 1 },
  ]);
});

it('says in the manifest which version came to what', async () => {
  const key = 'raw/transactions/date=2026-03-01/manifest.json';
  const body = lines(sale(1), sale(2), sale(1), sale(3, { quantity: 0 }));
  const event = await lake.put(key, body);
  await transform(key, body);
  const { etag, size } = event.detail['object'] as { etag: string; size: number };
  expect(await lake.manifest(key)).toEqual({
    source: { bucket: RAW, key },
    sequencer: expect.stringMatching(/^[0-9A-F]+$/) as string,
    etag,
    size,
    table: 'transactions',
    contractVersion: 1,
    state: 'complete',
    rows: { in: 4, good: 2, quarantined: 1, duplicates: 1 },
    whole: false,
    reasons: [
      {
        field: 'quantity',
        records: 1,
        example: 'line 4: quantity: expected an int32, at least 1, got 0',
      },
    ],
    outputs: [
      { key: expect.stringMatching(/^processed\//) as string, rows: 2 },
      { key: expect.stringMatching(/^quarantine\//) as string, rows: 1 },
    ],
  });
});

describe('takes', () => {
  const [a, b] = [sale('a'), sale('b')];
  it.each<[string, string, string | Uint8Array]>([
    ['one object a line', 'lines.json', lines(a, b)],
    ['no newline at the end', 'no-newline.json', `${a}\n${b}`],
    ['CRLF', 'crlf.json', `${a}\r\n${b}\r\n`],
    ['a byte order mark', 'bom.json', `\ufeff${lines(a, b)}`],
    ['an array', 'array.json', `[${a},\n ${b}]`],
    ['gzip', 'lines.json.gz', gzipSync(lines(a, b))],
    ['gzip that is not called so', 'gzip.json', gzipSync(lines(a, b))],
  ])('%s', async (_name, id, body) => {
    const key = `raw/transactions/date=2026-03-01/form-${id}`;
    await transform(key, body);
    expect(await idsOf(key)).toEqual(['t-a', 't-b']);
  });

  it('a single object over several lines', async () => {
    const key = 'raw/transactions/date=2026-03-01/single.json';
    await transform(key, JSON.stringify(JSON.parse(a), null, 2));
    expect(await idsOf(key)).toEqual(['t-a']);
  });

  it.each([
    ['spaces', 'my sales of march.json'],
    ['a plus', 'a+b.json'],
    ['a percent sign', '100%25 sure%.json'],
    ['letters beyond ASCII', 'Käufe/März 東京 🛒.json'],
    ['no date', 'up.json'],
  ])('a key with %s', async (_name, name) => {
    const key = `raw/transactions/${name}`;
    await transform(key, lines(a));
    expect(await idsOf(key)).toEqual(['t-a']);
    expect((await lake.manifest(key)).source).toEqual({ bucket: RAW, key });
  });
});

it('leaves nothing but a manifest of zeros for an empty object', async () => {
  const key = 'raw/transactions/date=2026-03-01/empty.json';
  await transform(key, '');
  expect(await lake.manifest(key)).toMatchObject({
    state: 'complete',
    rows: { in: 0, good: 0, quarantined: 0, duplicates: 0 },
    outputs: [],
  });
});

it('puts one bad row in a hundred into quarantine with its reason, and keeps the others', async () => {
  const key = 'raw/transactions/date=2026-03-01/bad rows.json';
  const bad = sale(137, { price: 'cheap' });
  const body = Array.from({ length: 200 }, (_, i) =>
    i === 37 ? sale(i, { total_amount: 1 }) : i === 137 ? bad : sale(i),
  );
  await transform(key, lines(...body));

  expect(await idsOf(key)).toHaveLength(198);
  const { rows, etag, size, sequencer } = await lake.manifest(key);
  expect(rows).toEqual({ in: 200, good: 198, quarantined: 2, duplicates: 0 });
  const [first, second, ...rest] = await lake.quarantined(key);
  expect(rest).toEqual([]);
  expect(first).toMatchObject({ line: 38, violations: [{ field: 'total_amount' }] });
  expect(second).toEqual({
    source: `s3://${RAW}/${key}`,
    etag,
    size,
    sequencer,
    line: 138,
    reasons: 'line 138: price: expected a decimal(10,2), at least 0.00, got "cheap"',
    violations: [{ field: 'price', value: '"cheap"', expected: 'a decimal(10,2), at least 0.00' }],
    record: bad,
  });
});

it('files quarantine under the date of the key, or else of the event', async () => {
  const bad = lines(sale(1, { quantity: 0 }));
  const today = new Date().toISOString().slice(0, 10);
  const dated = 'raw/transactions/date=2026-02-03/filed.json';
  const undated = 'raw/transactions/filed.json';
  await transform(dated, bad);
  await transform(undated, bad);
  const place = async (key: string) => (await lake.manifest(key)).outputs.map((out) => out.key);
  const file = (key: string) => `${sourceId({ bucket: RAW, key })}.json`;
  expect(await place(dated)).toEqual([`quarantine/transactions/date=2026-02-03/${file(dated)}`]);
  expect(await place(undated)).toEqual([`quarantine/transactions/date=${today}/${file(undated)}`]);
});

describe('quarantines as a whole', () => {
  const whole = async (key: string): Promise<void> => {
    const manifest = await lake.manifest(key);
    expect(manifest).toMatchObject({
      state: 'complete',
      whole: true,
      rows: { in: 1, good: 0, quarantined: 1, duplicates: 0 },
      outputs: [{ key: expect.stringContaining('quarantine/') as string, rows: 1 }],
    });
    expect(manifest.reasons).toHaveLength(1);
  };
  const truncated = gzipSync(lines(...Array.from({ length: 5000 }, (_, i) => sale(i)))).subarray(
    0,
    -100,
  );

  it.each<[string, string, string | Uint8Array, RegExp]>([
    ['what is not JSON', 'transactions/date=2026-03-01/page.json', '<html>\n</html>\n', /not JSON/],
    ['gzip that ends early', 'transactions/date=2026-03-01/cut.json.gz', truncated, /gzip/],
    [
      'a table that is not there',
      'orders/date=2026-03-01/o.json',
      sale(1),
      /tables are transactions/,
    ],
    ['what can be no table', 'No Table!/o.json', sale(1), /tables are transactions/],
  ])('%s', async (_name, path, body, reason) => {
    const key = `raw/${path}`;
    await transform(key, body);
    await whole(key);
    expect(await lake.quarantined(key)).toEqual([
      {
        source: `s3://${RAW}/${key}`,
        etag: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
        size: Buffer.byteLength(body),
        sequencer: expect.stringMatching(/^[0-9A-F]+$/) as string,
        line: null,
        reasons: expect.stringMatching(reason) as string,
        violations: [],
        record: null,
      },
    ]);
  });
});
