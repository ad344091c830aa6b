import { createIpcStream } from '@saleslake/shared/parquet/arrow-ipc';
import { columnEntries } from '@saleslake/shared/contract/table-contract';
import { tableFromIPC } from 'apache-arrow';
import { everyType } from './support';

const columns = columnEntries(everyType);

describe('an Arrow IPC stream', () => {
  const rooms = columns.map(([, { type, nullable }], i) => ({
    nulls: nullable ? 3 : 0,
    text: type.kind === 'string' ? 10 + i : 0,
  }));

  it('is one that Apache Arrow reads: a record batch of the columns, all zeros', () => {
    const table = tableFromIPC(createIpcStream(everyType, 5, rooms).bytes);
    expect(table.batches).toHaveLength(1);
    expect(table.numRows).toBe(5);
    expect(table.schema.fields.map(({ name, nullable }) => [name, nullable])).toEqual(
      columns.map(([name, { nullable }]) => [name, nullable]),
    );
    const kinds: Record<string, RegExp> = {
      string: /^Utf8$/,
      int32: /^Int32$/,
      date: /^Date32<DAY>$/,
      timestamp: /^Timestamp<MILLISECOND, UTC>$/,
      decimal: /^Decimal\[/,
    };
    for (const [i, [, { type }]] of columns.entries()) {
      expect(String(table.schema.fields[i]!.type)).toMatch(kinds[type.kind]!);
    }
  });

  it('has room for the nulls and the text that are asked for, apart from each other', () => {
    const { bytes, buffers } = createIpcStream(everyType, 5, rooms);
    const length = { string: 6 * 4, int32: 5 * 4, date: 5 * 4, timestamp: 5 * 8, decimal: 5 * 16 };
    for (const [i, [, { type }]] of columns.entries()) {
      const { validity, values, text } = buffers[i]!;
      const { nulls, text: textBytes } = rooms[i]!;
      expect(validity > 0).toBe(nulls > 0);
      if (validity > 0) bytes.fill(i + 1, validity, validity + 1);
      bytes.fill(i + 1, values, values + length[type.kind]);
      if (textBytes > 0) bytes.fill(i + 1, text, text + textBytes);
    }
    const [batch] = tableFromIPC(bytes).batches;
    for (const [i, data] of batch!.data.children.entries()) {
      const { nulls, text } = rooms[i]!;
      const of = (buffer: ArrayBufferView): Set<number> =>
        new Set(new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength));
      if (nulls > 0) expect(data.nullBitmap[0]).toBe(i + 1);
      if (text > 0) expect(of(data.valueOffsets as Int32Array)).toEqual(new Set([i + 1]));
      expect(of(data.values as Uint8Array)).toEqual(new Set([i + 1]));
    }
  });
});
