import { SMALL_OBJECT_BYTES } from '@saleslake/shared/decode/decoder-choice';
import { describeRejection } from '@saleslake/shared/decode/rejection';
import { transactions } from '@saleslake/shared/tables/transactions';
import { cut, decode, idsOf, rowsOf, sale, slowly, type Decoded } from './decoding';

const reasons = ({ rejections }: Decoded): string[] => rejections.map(describeRejection);

const pretty = (...ids: string[]): string[] =>
  ids.map((id) => JSON.stringify(JSON.parse(sale(id)) as unknown, null, 2));

describe.each(['plain', 'fast'] as const)('decodeRecords, %s', (decoder) => {
  const run = (
    input: Parameters<typeof decode>[0],
    options: Parameters<typeof decode>[2] = {},
  ): Promise<Decoded> => decode(input, transactions, { decoder, ...options });

  it('gives the columns of the contract, the derived ones computed', async () => {
    const { batches } = await run(sale('a'));
    expect(batches).toEqual([
      {
        partition: '2026-3-1',
        rows: [
          [
            'a',
            Date.UTC(2026, 2, 1, 22, 15, 30, 250),
            'C1',
            'P1',
            'Desk lamp',
            'Home',
            3,
            1999,
            5997,
            22,
            6,
          ],
        ],
      },
    ]);
  });

  describe('layouts', () => {
    it.each([
      ['one object a line', `${sale('a')}\n${sale('b')}\n`],
      ['no newline at the end', `${sale('a')}\n${sale('b')}`],
      ['CRLF', `${sale('a')}\r\n${sale('b')}\r\n`],
      ['a byte order mark', `\ufeff${sale('a')}\n${sale('b')}\n`],
      ['blank lines', `\n \t\r\n${sale('a')}\n\n   \n${sale('b')}\n\n`],
      ['an array on one line', `[${sale('a')},${sale('b')}]`],
      ['an array with an object a line', `[\n${sale('a')},\n${sale('b')}\n]\n`],
      ['a pretty array', `[${pretty('a', 'b').join(',\n')}]`],
      ['pretty objects', pretty('a', 'b').join('\n')],
      ['objects behind one another', sale('a') + sale('b')],
      ['objects behind one another on a later line', `${sale('a')}\n\n${sale('b')} ${sale('c')}\n`],
      ['pretty objects behind one another', pretty('a', 'b').join('')],
      ['brackets and escapes in strings', sale('a', { category: '}{"][\\' }) + sale('b')],
    ])('reads %s, cut anywhere', async (_name, text) => {
      const whole = await run(text);
      expect(idsOf(whole)).toEqual(text.includes('"c"') ? ['a', 'b', 'c'] : ['a', 'b']);
      expect(whole).toMatchObject({ duplicates: 0, rejected: 0 });
      for (const size of [1, 7, 100]) expect(await run(cut(text, size))).toEqual(whole);
    });

    it.each(['', '\n\n', '[]', ' [ \n] '])('takes %j for no records', async (text) => {
      expect(await run(text)).toEqual({
        records: 0,
        good: 0,
        duplicates: 0,
        rejected: 0,
        batches: [],
        rejections: [],
      });
    });

    it('tells the line on which a record starts', async () => {
      const text = `\n${pretty('a')[0]}\n\n${pretty('')[0]}`;
      expect((await run(text)).rejections.map(({ line }) => line)).toEqual([14]);
    });

    it('rejects what is left of an array that is not closed', async () => {
      const result = await run(`[${sale('a')},\n{"transaction_id":"b"`);
      expect(idsOf(result)).toEqual(['a']);
      expect(reasons(result)).toEqual([
        'line 2: expected the closing bracket of the array, got {"transaction_id":"b"',
      ]);
    });

    it('rejects what stands behind an array', async () => {
      const result = await run(`[${sale('a')}]\n${sale('b')}`);
      expect(result).toMatchObject({ records: 2, good: 1, rejected: 1 });
      expect(reasons(result)[0]).toMatch(/^line 2: expected nothing behind the array, got \{"tr/);
    });

    it('rejects an element that is missing', async () => {
      const result = await run(`[${sale('a')},]`);
      expect(result).toMatchObject({ records: 2, good: 1, rejected: 1 });
    });

    it('rejects a last line that is cut off', async () => {
      const result = await run(`${sale('a')}\n${sale('b').slice(0, 40)}`);
      expect(idsOf(result)).toEqual(['a']);
      expect(result.rejections).toMatchObject([{ line: 2, record: sale('b').slice(0, 40) }]);
    });
  });

  describe('rejections', () => {
    it('names line, field, value and what was expected, and keeps the record', async () => {
      const bad = sale('b', { price: 'abc', quantity: 0 });
      const result = await run(`${sale('a')}\n${bad}\n${sale('c')}\n`);
      expect(idsOf(result)).toEqual(['a', 'c']);
      expect(reasons(result)).toEqual([
        'line 2: quantity: expected an int32, at least 1, got 0; ' +
          'price: expected a decimal(10,2), at least 0.00, got "abc"',
      ]);
      expect(result.rejections[0]?.record).toBe(bad);
    });

    it('says where the parser stumbled', async () => {
      const result = await run(`${sale('a')}\n{"transaction_id":}\n`);
      expect(reasons(result)[0]).toMatch(/^line 2: expected a JSON object \(Unexpected token/);
    });

    it('rejects a line that is not UTF-8, and no other', async () => {
      const bytes = Buffer.concat([
        Buffer.from(`${sale('a')}\n{"transaction_id":"`),
        Buffer.from([0xff, 0xc3]),
        Buffer.from(`"}\n${sale('c')}\n`),
      ]);
      const result = await run(bytes);
      expect(idsOf(result)).toEqual(['a', 'c']);
      expect(result.rejections).toEqual([
        {
          line: 2,
          violations: [
            {
              field: null,
              value: '{"transaction_id":"\ufffd\ufffd"}',
              expected: 'a JSON object in UTF-8',
            },
          ],
          record: '{"transaction_id":"\ufffd\ufffd"}',
        },
      ]);
    });

    it('rejects a value that is nested too deeply to be shown', async () => {
      const deep = '['.repeat(200_000) + ']'.repeat(200_000);
      const result = await run(`${sale('a')}\n{"price":${deep}}\n${sale('c')}`);
      expect(idsOf(result)).toEqual(['a', 'c']);
      expect(result.rejected).toBe(1);
    });

    it('rejects a record beyond the limit without its whole text', async () => {
      const large = sale('b', { note: 'x'.repeat(17 << 20) });
      const result = await run(`${sale('a')}\n${large}\n${sale('c')}\n`);
      expect(idsOf(result)).toEqual(['a', 'c']);
      expect(result.rejections[0]).toMatchObject({
        line: 2,
        violations: [{ expected: 'a record of at most 16777216 bytes' }],
      });
      expect(result.rejections[0]?.record).toHaveLength(256 * 1024);
    });
  });

  describe('duplicates', () => {
    it('drops a row that is the same, however it is written', async () => {
      const same = sale('a', { price: '19.990', extra: true }).replace('"a"', '"\\u0061"');
      const result = await run(`${sale('a')}\n${same}\n`);
      expect(result).toMatchObject({ records: 2, good: 1, duplicates: 1, rejected: 0 });
    });

    it('rejects a row with the key of another and other values', async () => {
      const result = await run(
        [sale('x'), sale('a'), sale('b'), sale('a', { category: 'Garden' })].join('\n'),
      );
      expect(idsOf(result)).toEqual(['x', 'a', 'b']);
      expect(reasons(result)).toEqual([
        'line 4: transaction_id: expected a transaction_id not used before; ' +
          'line 2 has it with other values, got "a"',
      ]);
    });

    it('does not take the key of a rejected row for used', async () => {
      const result = await run(`${sale('a', { price: -1 })}\n${sale('a')}\n`);
      expect(result).toMatchObject({ good: 1, duplicates: 0, rejected: 1 });
    });
  });

  it('decodes objects at the same time, each as if it were alone', async () => {
    const objects = ['a', 'b', 'c'].map((name) =>
      [
        sale(`${name}1`),
        sale(`${name}2`, { product_name: `"${name}"` }),
        sale(`${name}3`, { quantity: 0 }),
        sale(`${name}1`),
        sale(`${name}4`, { timestamp: '2026-03-02T00:00:00.000Z' }),
      ].join('\n'),
    );
    const alone: Decoded[] = [];
    for (const object of objects) alone.push(await run(object));
    // Pieces of one come between pieces of the others.
    const together = objects.map((object, i) => run(slowly(object, 10 + i)));
    expect(await Promise.all(together)).toEqual(alone);
  });

  describe('what is not JSON at all', () => {
    const csv = Array.from({ length: 3000 }, (_, i) => `id-${i},"Lamp",19.99\n`).join('');

    it('is unusable as a whole, and is not read to the end', async () => {
      let read = 0;
      const source = (async function* () {
        for (const chunk of cut(csv, 1000)) {
          await Promise.resolve();
          read += chunk.length;
          yield chunk;
        }
      })();
      const { unusable, ...rest } = await run(source);
      expect(unusable).toMatch(/^not JSON: no record is a JSON value; line 1: expected a JSON obj/);
      expect(rest).toEqual({
        records: 0,
        good: 0,
        duplicates: 0,
        rejected: 0,
        batches: [],
        rejections: [],
      });
      expect(read).toBeLessThan(csv.length / 2);
    });

    it('is told from JSON by any of the first 1000 records', async () => {
      const lines = csv.split('\n');
      const early = await run([...lines.slice(0, 999), sale('a'), ...lines].join('\n'));
      expect(early).toMatchObject({ records: 4000, good: 1, rejected: 3999 });
      const late = await run([...lines.slice(0, 1000), sale('a'), ...lines].join('\n'));
      expect(late.unusable).toBeDefined();
    });
  });

  describe('batches', () => {
    const at = (id: string, day: number): string =>
      sale(id, { timestamp: `2026-03-0${day}T00:00:00Z` });

    it('sorts rows by day, each in the order of the object', async () => {
      const { batches } = await run([at('a', 2), at('b', 1), at('c', 2), at('d', 1)].join('\n'));
      expect(batches.map(({ partition, rows }) => [partition, rows.map(([id]) => id)])).toEqual([
        ['2026-3-1', ['b', 'd']],
        ['2026-3-2', ['a', 'c']],
      ]);
    });

    it('keeps all rows together where the table has no partitions', async () => {
      const unpartitioned = { ...transactions, partitioning: undefined, partitionColumns: {} };
      const input = [at('a', 2), at('b', 1), at('c', 2)].join('\n');
      const { batches } = await decode(input, unpartitioned, { decoder });
      expect(batches.map(({ partition, rows }) => [partition, rows.map(([id]) => id)])).toEqual([
        ['', ['a', 'b', 'c']],
      ]);
    });

    it('hands rows of one partition on when there are as many as asked for', async () => {
      const lines = [at('a', 2), at('b', 2), at('c', 2), at('d', 1), at('e', 2), at('f', 1)];
      const { batches } = await run(lines.join('\n'), { batchRows: 2 });
      expect(batches.map(({ rows }) => rows.map(([id]) => id))).toEqual([
        ['a', 'b'],
        ['d', 'f'],
        ['c', 'e'],
      ]);
    });

    it('hands on what comes behind a batch behind it', async () => {
      const ids = Array.from({ length: 5000 }, (_, i) => `k${i}`);
      const lines = ids.map((id) => at(id, 1));
      const { batches } = await run(slowly(lines.join('\n'), 100_000), { batchRows: 1100 });
      expect(batches.map(({ rows }) => rows.length)).toEqual([1100, 1100, 1100, 1100, 600]);
      expect(batches.flatMap(({ rows }) => rows.map(([id]) => id))).toEqual(ids);
    });

    it('hands all on when they weigh too much together', async () => {
      const lines = [at('a', 1), at('b', 2), at('c', 2), at('d', 1), at('e', 1)];
      const { batches } = await run(lines.join('\n'), { memoryBudgetBytes: 800 });
      expect(batches.map(({ rows }) => rows.map(([id]) => id))).toEqual([
        ['a'],
        ['b', 'c'],
        ['d', 'e'],
      ]);
    });

    it('hands all texts on, also where they turn out to hardly repeat before that', async () => {
      const ids = Array.from({ length: 6000 }, (_, i) => `k${i}`);
      const lines = ids.map((id, i) => at(id, 1 + (i % 2)).replace(/"Desk[^"]*"/, `"Desk ${id}"`));
      const names: unknown[] = [];
      await run(lines.join('\n'), {
        memoryBudgetBytes: 100_000,
        onRows(_, batch) {
          for (const [id, , , , name] of rowsOf(batch)) names.push([id, name]);
        },
      });
      const expected = ids.map((id) => [id, `Desk ${id}`]);
      expect(names.toSorted()).toEqual(expected.toSorted());
    });

    it('says which rows are the last of their partition', async () => {
      const handed: [string, boolean][] = [];
      const lines = [at('a', 2), at('b', 2), at('c', 2), at('d', 1), at('e', 3)];
      await run(lines.join('\n'), {
        batchRows: 2,
        onRows(_, batch, isLast) {
          for (const [id] of rowsOf(batch)) handed.push([String(id), isLast]);
        },
      });
      expect(handed).toEqual([
        ['a', false],
        ['b', false],
        ['d', true],
        ['c', true],
        ['e', true],
      ]);
    });

    it('reads on only when the rows before are dealt with', async () => {
      const log: string[] = [];
      const source = (async function* () {
        for (const id of ['a', 'b']) {
          await Promise.resolve();
          log.push(`read ${id}`);
          // More than is read ahead.
          yield Buffer.from(`${sale(id)}${' '.repeat(SMALL_OBJECT_BYTES)}\n`);
        }
      })();
      await run(source, {
        batchRows: 1,
        onRows: async () => {
          log.push('write');
          await new Promise(setImmediate);
          log.push('written');
        },
      });
      expect(log).toEqual(['read a', 'write', 'written', 'read b', 'write', 'written']);
    });

    it('passes on what the consumer throws', async () => {
      const onRows = () => Promise.reject(new Error('disk full'));
      await expect(run(sale('a'), { onRows })).rejects.toThrow('disk full');
    });
  });
});
