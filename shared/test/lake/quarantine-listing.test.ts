import { PutObjectCommand } from '@aws-sdk/client-s3';
import {
  BUCKET,
  closeAll,
  openHarness,
  START,
  type Harness,
} from '@saleslake/local/test/s3/harness';
import {
  emptyQuarantineFile,
  formatQuarantineRecord,
  quarantineKey,
  type QuarantineRecord,
} from '@saleslake/shared/lake/quarantine';
import { listQuarantine, readQuarantine } from '@saleslake/shared/lake/quarantine-listing';
import { forEachConcurrently } from '@saleslake/shared/runtime/for-each-concurrently';

let harness: Harness;
beforeEach(async () => {
  harness = await openHarness();
});
afterEach(closeAll);

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const keyOf = (table: string, date: string, digit: string): string =>
  quarantineKey({ table, date, sourceId: digit.repeat(32) });

function recordOf(line: number, record = '{}'): QuarantineRecord {
  const reasons = `line ${line}: expected a JSON object`;
  const source = 's3://lake-raw/raw/customers/a.json';
  return { source, etag: 'e', size: 1, sequencer: '0A', line, reasons, violations: [], record };
}

async function put(Key: string, records: QuarantineRecord[]): Promise<void> {
  const Body = records.map(formatQuarantineRecord).join('') || emptyQuarantineFile('0A');
  await harness.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
}

async function keysOf(which?: Parameters<typeof listQuarantine>[2]): Promise<string[]> {
  const files = await collect(listQuarantine(harness.client, BUCKET, which));
  return files.map(({ key }) => key);
}

describe('listing the quarantine', () => {
  const [first, second, third] = [
    keyOf('customers', '2026-01-01', 'a'),
    keyOf('customers', '2026-01-02', 'b'),
    keyOf('transactions', '2026-01-01', 'c'),
  ] as const;
  beforeEach(async () => {
    for (const key of [third, second, first]) {
      await put(key, [recordOf(1)]);
      harness.clock.advance(60_000);
    }
  });

  it('tells of each file what it is about, when it was written and its size', async () => {
    const [file] = await collect(listQuarantine(harness.client, BUCKET));
    expect(file).toEqual({
      key: first,
      table: 'customers',
      date: '2026-01-01',
      sourceId: 'a'.repeat(32),
      lastModified: new Date(START + 120_000),
      bytes: formatQuarantineRecord(recordOf(1)).length,
    });
  });

  it('has the files in the order of their keys', async () => {
    expect(await keysOf()).toEqual([first, second, third]);
  });

  it('can be of one table', async () => {
    expect(await keysOf({ table: 'transactions' })).toEqual([third]);
  });

  it('can be of what was written since a moment, also within that second', async () => {
    expect(await keysOf({ since: new Date(START + 60_100) })).toEqual([first, second]);
  });

  it('leaves out what is no quarantine file', async () => {
    await put('quarantine/transactions/notes.txt', [recordOf(1)]);
    expect(await keysOf()).toEqual([first, second, third]);
  });

  it('goes on where a page of S3 ends', async () => {
    const many = Array.from({ length: 1001 }, (_, i) => i.toString(16).padStart(32, '0'));
    await forEachConcurrently(many, 50, async (sourceId) => {
      await put(quarantineKey({ table: 'many', date: '2026-01-01', sourceId }), []);
    });
    expect(await keysOf({ table: 'many' })).toHaveLength(1001);
  }, 90_000);
});

describe('reading a quarantine file', () => {
  const key = keyOf('customers', '2026-01-01', 'a');
  const read = (s3 = harness.client) => collect(readQuarantine(s3, BUCKET, key));

  it('gives its records in their order, whatever is in them', async () => {
    const large = `{"name":"${'ü\u2028'.repeat(100_000)}"}`;
    const records = [recordOf(1), recordOf(2, large), recordOf(3, 'a\nb')];
    await put(key, records);
    expect(await read()).toEqual(records);
  });

  it('finds none where the file was emptied', async () => {
    await put(key, []);
    expect(await read()).toEqual([]);
  });

  it('can stop early', async () => {
    await put(
      key,
      Array.from({ length: 20_000 }, (_, i) => recordOf(i)),
    );
    for await (const { line } of readQuarantine(harness.client, BUCKET, key)) {
      expect(line).toBe(0);
      break;
    }
    expect(await keysOf()).toEqual([key]);
  });

  it('fails where there is no such file', async () => {
    await expect(read()).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});
