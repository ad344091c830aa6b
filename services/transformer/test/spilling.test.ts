import { readdirSync, rmSync } from 'node:fs';
import { freshStateDir } from '@saleslake/local/test/support/state-dir';
import {
  loadParquetWriter,
  type ParquetWriterName,
} from '@saleslake/shared/parquet/load-parquet-writer';
import { parseObjectCreated } from '../src/object-created';
import { openRawObject } from '../src/raw-object';
import { createS3ConditionalStore } from '../src/s3-conditional-store';
import { createStaging } from '../src/staging';
import { transformObject } from '../src/transform-object';
import { CURATED, startLocalLake, type LocalLake } from './local-lake';
import { lines, onDay, sale } from './sale';

let folder: string;
let lake: LocalLake;

beforeAll(async () => {
  lake = await startLocalLake();
  folder = freshStateDir();
});

afterAll(async () => {
  await lake.close();
  rmSync(folder, { recursive: true, force: true });
});

it.each<ParquetWriterName>(['fast', 'arrow'])(
  'writes the same through small row groups and the temporary folder (%s writer)',
  async (writer) => {
    const ids = Array.from({ length: 300 }, (_, i) => i);
    const records = ids.map((i) =>
      sale(`${writer}-${i}`, i % 10 ? onDay(1 + (i % 7)) : { price: -1 }),
    );
    const key = `raw/transactions/date=2026-03-01/${writer}.json`;
    const version = parseObjectCreated(JSON.stringify(await lake.put(key, lines(...records))));
    const outcome = await transformObject(version, {
      openRaw: (source) => openRawObject(lake.s3, source),
      curated: createS3ConditionalStore(lake.s3, CURATED),
      parquetWriter: await loadParquetWriter(writer),
      compression: 'snappy',
      stagingBytes: 1000,
      temporaryFolder: folder,
      bufferBytes: 1000,
    });
    expect(outcome.state).toBe('published');
    const rows = await lake.query(
      `SELECT day, count(*)::INT AS rows FROM transactions
       WHERE transaction_id LIKE 't-${writer}-%' GROUP BY day ORDER BY day`,
    );
    const expected = [1, 2, 3, 4, 5, 6, 7].map((day) => ({
      day,
      rows: ids.filter((i) => i % 10 && 1 + (i % 7) === day).length,
    }));
    expect(rows).toEqual(expected);
    expect(await lake.quarantined(key)).toHaveLength(30);
    expect(readdirSync(folder)).toEqual([]);
  },
);

describe('staging', () => {
  it('keeps outputs in memory within the budget', () => {
    const staging = createStaging(10, folder);
    const output = staging.open();
    output.write(Buffer.from('0123456789'));
    expect(Buffer.from(output.body() as Uint8Array).toString()).toBe('0123456789');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('moves all of them to files beyond it, and clears those away', () => {
    const staging = createStaging(10, folder);
    const [first, second] = [staging.open(), staging.open()];
    first.write(Buffer.from('01234'));
    second.write(Buffer.from('56789-'));
    first.write(Buffer.from('more'));
    expect(first.body()).toMatchObject({
      size: 9,
      path: expect.stringContaining(folder) as string,
    });
    expect(second.body()).toMatchObject({ size: 6 });
    staging.clear();
    expect(readdirSync(folder)).toEqual([]);
  });
});
