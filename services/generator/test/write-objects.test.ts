import { setImmediate } from 'node:timers/promises';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { createLogger } from '@saleslake/shared/runtime/logger';
import type { RawObject } from '../src/raw-object';
import { writeObjects, type WriteObject } from '../src/write-objects';

const logger = createLogger('generator-test');
const info = jest.spyOn(logger, 'info').mockImplementation(() => undefined);
const error = jest.spyOn(logger, 'error').mockImplementation(() => undefined);
const remainingMs = () => 60_000;

function objectsOf(count: number): RawObject[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `raw/transactions/${index}.json`,
    transactions: 2,
    lines: () => [`{"é":${index}}`, '{}'],
  }));
}

/** Keeps what is written, like a bucket. */
function memory(): { write: WriteObject; stored: Map<string, string> } {
  const stored = new Map<string, string>();
  const write: WriteObject = async (key, chunks) => {
    await setImmediate();
    stored.set(key, Buffer.concat([...chunks]).toString());
  };
  return { write, stored };
}

/** Writes that wait to be let go, with the keys that have begun. */
function held() {
  const begun: string[] = [];
  const gates: { open: () => void; fail: (error: Error) => void }[] = [];
  const write: WriteObject = (key) => {
    begun.push(key);
    return new Promise((open, fail) => gates.push({ open, fail }));
  };
  return { write, begun, gates };
}

beforeEach(() => jest.clearAllMocks());

describe('writeObjects', () => {
  it('writes each object under its key', async () => {
    const { write, stored } = memory();
    await writeObjects(objectsOf(2), { write, logger, remainingMs });
    expect(Object.fromEntries(stored)).toEqual({
      'raw/transactions/0.json': '{"é":0}\n{}\n',
      'raw/transactions/1.json': '{"é":1}\n{}\n',
    });
  });

  it('returns what it wrote, in order, with bytes and not characters', async () => {
    const { write } = memory();
    const written = await writeObjects(objectsOf(2), { write, logger, remainingMs });
    expect(written).toEqual({
      objects: [
        { key: 'raw/transactions/0.json', transactions: 2, bytes: 12 },
        { key: 'raw/transactions/1.json', transactions: 2, bytes: 12 },
      ],
      transactions: 4,
    });
  });

  it('logs each object with its key as the correlation id', async () => {
    const { write } = memory();
    await writeObjects(objectsOf(1), { write, logger, remainingMs });
    expect(info.mock.calls).toEqual([
      ['object written', { correlation_id: 'raw/transactions/0.json', transactions: 2, bytes: 12 }],
    ]);
  });

  it('has no more than four under way at once', async () => {
    const { write, begun, gates } = held();
    const result = writeObjects(objectsOf(6), { write, logger, remainingMs });
    await setImmediate();
    expect(begun).toHaveLength(4);
    gates[2]?.open();
    await setImmediate();
    expect(begun).toHaveLength(5);
    gates.forEach(({ open }) => open());
    await setImmediate();
    gates.at(-1)?.open();
    await expect(result).resolves.toMatchObject({ transactions: 12 });
  });

  describe('where one write fails', () => {
    const failure = new Error('SlowDown');

    it('begins no other, and fails with that once nothing is under way', async () => {
      const { write, begun, gates } = held();
      let settled = false;
      const result = writeObjects(objectsOf(6), { write, logger, remainingMs });
      result.catch(() => undefined).finally(() => (settled = true));
      await setImmediate();
      gates[1]?.fail(failure);
      await setImmediate();
      expect(settled).toBe(false);
      gates.forEach(({ open }) => open());
      await expect(result).rejects.toBe(failure);
      expect(begun).toHaveLength(4);
    });

    it('logs which', async () => {
      const write: WriteObject = () => Promise.reject(failure);
      await expect(writeObjects(objectsOf(1), { write, logger, remainingMs })).rejects.toThrow();
      expect(error.mock.calls).toEqual([
        ['object not written', { correlation_id: 'raw/transactions/0.json', error: failure }],
      ]);
    });
  });

  it('gives up, naming the object, when the time of the function runs out', async () => {
    const { write, stored } = memory();
    const times = [60_000, 1_999];
    const running = { write, logger, remainingMs: () => times.shift() ?? 0 };
    const result = writeObjects(objectsOf(2), running);
    await expect(result).rejects.toThrow(SaleslakeError);
    await expect(result).rejects.toMatchObject({
      code: 'OutOfTimeError',
      message: expect.stringContaining('raw/transactions/1.json') as string,
    });
    expect([...stored.keys()]).toEqual(['raw/transactions/0.json']);
  });
});
