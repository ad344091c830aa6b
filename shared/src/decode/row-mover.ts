import type { Utf8Values } from '../parquet/column-batch';
import { grown } from '../parquet/grown';
import { createMemory } from '../runtime/web-assembly';
import { host } from './kernel';
import { createKernel, FIRST_FREE_ADDRESS, type ArrangeValues, type Kernel } from './kernel-module';

/** Takes the values of rows[i] to places[i]; `rows` ascend. */
export interface RowMover {
  ints(from: Int32Array, into: Int32Array): void;
  codes(from: Uint32Array, into: Uint32Array): void;
  doubles(from: Float64Array, into: Float64Array): void;
  /** Replaces the arrays of `into` where they are too small. */
  texts(from: Utf8Values, into: Utf8Values): void;
}

/** So many rows stand in the kernel's memory at a time: in the caches of the processor. */
const MOST_ROWS = 1 << 13;
/** And so many places. */
const MOST_PLACES = 1 << 16;
/** So many bytes of texts do, of those rows and in those places. Longer texts are better copied one by one. */
const MOST_ROWS_BYTES = MOST_ROWS * 64;
const MOST_PLACES_BYTES = MOST_PLACES * 32;

/**
 * Where the kernel moves values, in a memory of its own. Moving never waits in between, so that every
 * object can use the same.
 */
interface Workshop {
  kernel: Kernel;
  rows: Uint32Array;
  places: Uint32Array;
  from: Views;
  into: Views;
  fromBytes: Uint8Array;
  intoBytes: Uint8Array;
}

/** The same memory as numbers of each kind. */
interface Views {
  address: number;
  bytes: Uint8Array;
  ints: Int32Array;
  uints: Uint32Array;
  doubles: Float64Array;
}

let workshop: Workshop | undefined;

function createWorkshop(): Workshop {
  // One value more than rows or places: texts have as many offsets.
  const sizes = [
    MOST_ROWS * 4,
    MOST_ROWS * 4,
    (MOST_ROWS + 1) * 8,
    (MOST_PLACES + 1) * 8,
    MOST_ROWS_BYTES,
    MOST_PLACES_BYTES,
  ];
  const memory = createMemory(sizes.reduce((sum, size) => sum + size, FIRST_FREE_ADDRESS));
  let end = FIRST_FREE_ADDRESS;
  const [rows, places, from, into, fromBytes, intoBytes] = sizes.map((size) => {
    end += size;
    return createViews(memory.buffer, end - size, size);
  });
  return {
    kernel: createKernel(memory, host),
    rows: rows!.uints,
    places: places!.uints,
    from: from!,
    into: into!,
    fromBytes: fromBytes!.bytes,
    intoBytes: intoBytes!.bytes,
  };
}

function createViews(buffer: ArrayBuffer, address: number, size: number): Views {
  return {
    address,
    bytes: new Uint8Array(buffer, address, size),
    ints: new Int32Array(buffer, address, size / 4),
    uints: new Uint32Array(buffer, address, size / 4),
    doubles: new Float64Array(buffer, address, size / 8),
  };
}

/** Rows `first` … of a batch, of which are moved those that are rows[start] … rows[end - 1]. */
interface Chunk {
  first: number;
  start: number;
  end: number;
}

export function createRowMover(allRows: Uint32Array, allPlaces: Uint32Array): RowMover {
  const { kernel, rows, places, from, into, fromBytes, intoBytes } = (workshop ??=
    createWorkshop());
  const count = allRows.length;
  const chunks = chunksOf(allRows);

  function giveRows({ start, end }: Chunk): void {
    rows.set(allRows.subarray(start, end));
    places.set(allPlaces.subarray(start, end));
  }

  function move<A extends Int32Array | Uint32Array | Float64Array>(
    arrange: ArrangeValues,
    values: A,
    given: A,
    moved: A,
    target: A,
  ): void {
    for (let place = 0; place < count; place += MOST_PLACES) {
      const room = Math.min(MOST_PLACES, count - place);
      for (const chunk of chunks) {
        const { first, start, end } = chunk;
        giveRows(chunk);
        given.set(values.subarray(first, first + MOST_ROWS + 1));
        const origin = from.address - first * values.BYTES_PER_ELEMENT;
        arrange(origin, rows.byteOffset, places.byteOffset, end - start, into.address, place, room);
      }
      target.set(moved.subarray(0, room), place);
    }
  }

  function moveSomeTexts({ bytes, offsets }: Utf8Values, target: Utf8Values): void {
    into.uints.set(target.offsets.subarray(0, count + 1));
    for (const chunk of chunks) {
      const { first, start, end } = chunk;
      giveRows(chunk);
      const ends = offsets.subarray(first, first + MOST_ROWS + 1);
      from.uints.set(ends);
      const least = ends[0]!;
      fromBytes.set(bytes.subarray(least, ends.at(-1)));
      kernel.arrangeTexts(
        fromBytes.byteOffset - least,
        from.address - first * 4,
        rows.byteOffset,
        places.byteOffset,
        end - start,
        intoBytes.byteOffset,
        into.address,
      );
    }
    target.bytes.set(intoBytes.subarray(0, target.offsets[count]));
  }

  return {
    ints: (values, target) => move(kernel.arrange32, values, from.ints, into.ints, target),
    codes: (values, target) => move(kernel.arrange32, values, from.uints, into.uints, target),
    doubles: (values, target) => move(kernel.arrange64, values, from.doubles, into.doubles, target),
    texts(values, target) {
      const { offsets } = values;
      target.offsets = grown(target.offsets, count + 1);
      const ends = target.offsets;
      ends[0] = 0;
      move(kernel.arrangeLengths, offsets, from.uints, into.uints, ends.subarray(1));
      for (let i = 1, end = 0; i <= count; i++) ends[i] = end += ends[i]!;
      target.bytes = grown(target.bytes, ends[count]!);
      const areShort = chunks.every(
        ({ first }) =>
          offsets[Math.min(first + MOST_ROWS, offsets.length - 1)]! - offsets[first]! <=
          MOST_ROWS_BYTES,
      );
      if (areShort && count <= MOST_PLACES && ends[count]! <= MOST_PLACES_BYTES) {
        moveSomeTexts(values, target);
      } else moveLongTexts(values, allRows, allPlaces, target);
    },
  };
}

function chunksOf(rows: Uint32Array): Chunk[] {
  const chunks: Chunk[] = [];
  for (let start = 0; start < rows.length;) {
    const first = rows[start]!;
    const end = behind(rows, start, first + MOST_ROWS);
    chunks.push({ first, start, end });
    start = end;
  }
  return chunks;
}

/** Where, from `start` on, the first row is that is not below. */
function behind(rows: Uint32Array, start: number, row: number): number {
  let [least, most] = [start, Math.min(rows.length, start + MOST_ROWS)];
  while (least < most) {
    const middle = (least + most) >> 1;
    if (rows[middle]! < row) least = middle + 1;
    else most = middle;
  }
  return least;
}

function moveLongTexts(
  { bytes, offsets }: Utf8Values,
  rows: Uint32Array,
  places: Uint32Array,
  into: Utf8Values,
): void {
  const { bytes: to, offsets: ends } = into;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    to.set(bytes.subarray(offsets[row], offsets[row + 1]), ends[places[i]!]);
  }
}
