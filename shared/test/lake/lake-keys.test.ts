import fc from 'fast-check';
import { manifestKey } from '@saleslake/shared/lake/manifest';
import { parseProcessedKey, processedKey } from '@saleslake/shared/lake/processed-keys';
import { parseQuarantineKey, quarantineKey } from '@saleslake/shared/lake/quarantine';
import { parseSourceUri, sourceId, sourceUri } from '@saleslake/shared/lake/source-id';
import { tableOfKey } from '@saleslake/shared/lake/table-of-key';

const source = { bucket: 'lake-raw', key: 'raw/transactions/date=2026-03-01/a b+%ü.json' };
const id = sourceId(source);
const partition = { year: 2026, month: 3, day: 1 };

it('names what comes of a source object after the hash of its bucket and key', () => {
  expect(id).toMatch(/^[0-9a-f]{32}$/);
  expect(processedKey('transactions', partition, id)).toBe(
    `processed/transactions/year=2026/month=03/day=01/${id}.parquet`,
  );
  expect(processedKey('customers', undefined, id)).toBe(`processed/customers/${id}.parquet`);
  expect(quarantineKey({ table: 'transactions', date: '2026-03-01', sourceId: id })).toBe(
    `quarantine/transactions/date=2026-03-01/${id}.json`,
  );
  expect(manifestKey('transactions', source)).toBe(`manifests/transactions/${id}.json`);
  expect(sourceUri(source)).toBe('s3://lake-raw/raw/transactions/date=2026-03-01/a b+%ü.json');
});

it('reads the URI of a source object back, and refuses any other', () => {
  expect(parseSourceUri(sourceUri(source))).toEqual(source);
  expect(() => parseSourceUri('s3://lake-raw')).toThrow('expected s3://bucket/key');
});

it('gives objects of another bucket or key another id', () => {
  expect(sourceId({ ...source, bucket: 'other' })).not.toBe(id);
  expect(sourceId({ ...source, key: `${source.key}.gz` })).not.toBe(id);
});

it('reads its keys back', () => {
  const day = fc.date({
    min: new Date('2015-01-01'),
    max: new Date('2045-12-31'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9_]{1,20}$/), day, fc.string(), (table, date, key) => {
      const hash = sourceId({ bucket: 'b', key });
      const of = {
        year: date.getUTCFullYear(),
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
      };
      for (const partition of [of, undefined]) {
        const parsed = { table, partition, sourceId: hash };
        expect(parseProcessedKey(processedKey(table, partition, hash))).toEqual(parsed);
      }
      const filed = { table, date: date.toISOString().slice(0, 10), sourceId: hash };
      expect(parseQuarantineKey(quarantineKey(filed))).toEqual(filed);
    }),
    { seed: 1 },
  );
});

it.each([
  `processed/transactions/year=2026/month=02/day=30/${id}.parquet`,
  `processed/transactions/year=2026/month=2/day=3/${id}.parquet`,
  `processed/transactions/month=02/day=03/${id}.parquet`,
  `processed/transactions/x/${id}.parquet`,
  `processed/${id}.parquet`,
  `quarantine/transactions/date=2026-03-01/${id}.json`,
])('takes %s for no processed key', (key) => {
  expect(parseProcessedKey(key)).toBeUndefined();
});

it.each([
  ['raw/transactions/date=2026-03-01/a.json', 'transactions'],
  ['raw/orders/a.json', 'orders'],
  ['raw/No Table/a.json', 'unknown'],
  ['raw/a.json', 'unknown'],
  ['elsewhere/transactions/a.json', 'unknown'],
])('files what comes of %s under %s', (key, table) => {
  expect(tableOfKey(key)).toBe(table);
});
