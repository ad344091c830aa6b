import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freshStateDir } from '@saleslake/local/test/support/state-dir';
import type { ConditionalStore } from '../src/conditional-store';
import { createS3ConditionalStore } from '../src/s3-conditional-store';
import { CURATED, startLocalLake, type LocalLake } from './local-lake';

let lake: LocalLake;
let store: ConditionalStore;

beforeAll(async () => {
  lake = await startLocalLake();
  store = createS3ConditionalStore(lake.s3, CURATED);
});

afterAll(() => lake.close());

const write = (key: string, text: string, expected?: string, sequencer = '0A') =>
  store.put(key, Buffer.from(text), expected, sequencer);

it('creates an object once where none is expected', async () => {
  const etag = await write('once', 'first');
  expect(etag).toBeDefined();
  expect(await write('once', 'second')).toBeUndefined();
  expect(await store.read('once')).toEqual({ etag, text: 'first' });
});

it('replaces only the object that is expected', async () => {
  const first = await write('replaced', 'first');
  const second = await write('replaced', 'second', first);
  expect(second).not.toBe(first);
  expect(await write('replaced', 'third', first)).toBeUndefined();
  expect(await store.read('replaced')).toEqual({ etag: second, text: 'second' });
});

it('refuses to replace an object that has gone', async () => {
  const etag = await write('elsewhere', 'text');
  expect(await write('gone', 'text', etag)).toBeUndefined();
  expect(await store.read('gone')).toBeUndefined();
});

it('tells the version that an output is of without reading it', async () => {
  const etag = await write('output', 'text', undefined, '0AB');
  expect(await store.head('output')).toEqual({ etag, sequencer: '0AB' });
  expect(await store.head('no output')).toBeUndefined();
});

it('writes a file as it writes memory', async () => {
  const folder = freshStateDir();
  try {
    const path = join(folder, 'body');
    writeFileSync(path, 'from a file');
    const etag = await store.put('from-file', { path, size: 11 }, undefined, '0A');
    expect(await store.read('from-file')).toEqual({ etag, text: 'from a file' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('throws what is no matter of conditions', async () => {
  const nowhere = createS3ConditionalStore(lake.s3, 'no-such-bucket');
  await expect(nowhere.put('key', Buffer.from(''), undefined, '0A')).rejects.toMatchObject({
    name: 'NoSuchBucket',
  });
  await expect(nowhere.read('key')).rejects.toMatchObject({ name: 'NoSuchBucket' });
});
