import { Readable } from 'node:stream';
import { createFastParquetFile } from '@saleslake/shared/parquet/fast-writer';
import type { ConditionalStore } from '../src/conditional-store';
import { transformObject } from '../src/transform-object';
import { lines, onDay, sale } from './sale';

it('claims in the manifest first, then writes the outputs, and completes the manifest last', async () => {
  const log: string[] = [];
  const curated: ConditionalStore = {
    read: () => Promise.resolve(undefined),
    head: () => Promise.resolve(undefined),
    async put(key, body) {
      const [zone = ''] = key.split('/');
      // As long as a request takes, others may be answered.
      await new Promise((resolve) => setImmediate(resolve));
      const text = zone === 'manifests' ? Buffer.from(body as Uint8Array).toString() : '{}';
      log.push(`${zone} ${(JSON.parse(text) as { state?: string }).state ?? 'written'}`);
      return `etag-${log.length}`;
    },
  };
  const body = lines(sale(1, onDay(1)), sale(2, onDay(2)), sale(3, { quantity: 0 }));
  await transformObject(
    {
      bucket: 'raw',
      key: 'raw/transactions/date=2026-03-01/a.json',
      etag: '0',
      size: body.length,
      sequencer: '01',
      time: '2026-03-01T00:00:00Z',
    },
    {
      openRaw: () => Promise.resolve(Readable.from([Buffer.from(body)])),
      curated,
      parquetWriter: createFastParquetFile,
      compression: 'snappy',
    },
  );
  expect([log[0], log.slice(1, -1).sort(), log.at(-1)]).toEqual([
    'manifests writing',
    ['processed written', 'processed written', 'quarantine written'],
    'manifests complete',
  ]);
});
