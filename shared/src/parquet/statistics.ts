import { BoundaryOrder } from './parquet-format';
import type { ValueRange } from './value-encoding';
import type { StatisticsBound, ValueOrder } from './value-order';

/** Of a column chunk. No bound where all is null, or where a long text has no shorter bound. */
export interface ChunkStatistics {
  nullCount: number;
  minimum?: StatisticsBound;
  maximum?: StatisticsBound;
  pages: PageStatistics;
}

/** Of each page of a chunk. */
export interface PageStatistics {
  nullCounts: number[];
  /** Undefined where a page of values has no bound: the chunk then gets no column index. */
  bounds?: PageBounds[];
  boundaryOrder: number;
}

export interface PageBounds {
  minimum: Uint8Array;
  maximum: Uint8Array;
  allNull: boolean;
}

const NONE = new Uint8Array(0);
const ALL_NULL: PageBounds = { minimum: NONE, maximum: NONE, allNull: true };

/** Of a chunk whose pages have these ranges, none where a page is all null, and so many nulls. */
export function chunkStatistics<V>(
  order: ValueOrder<V>,
  ranges: readonly (ValueRange<V> | undefined)[],
  nullCounts: number[],
): ChunkStatistics {
  let nullCount = 0;
  for (const nulls of nullCounts) nullCount += nulls;
  let [least, minimum]: [V?, StatisticsBound?] = [];
  let [greatest, maximum]: [V?, StatisticsBound?] = [];
  let isBounded = true;
  const bounds: PageBounds[] = [];
  for (const range of ranges) {
    if (!range) {
      bounds.push(ALL_NULL);
      continue;
    }
    const lower = order.lowerBound(range.minimum);
    const upper = order.upperBound(range.maximum);
    if (upper) bounds.push({ minimum: lower.bytes, maximum: upper.bytes, allNull: false });
    else isBounded = false;
    if (!minimum || order.compare(range.minimum, least!) < 0) {
      [least, minimum] = [range.minimum, lower];
    }
    if (greatest === undefined || order.compare(range.maximum, greatest) > 0) {
      [greatest, maximum] = [range.maximum, upper];
    }
  }
  return {
    nullCount,
    minimum,
    maximum,
    pages: {
      nullCounts,
      bounds: isBounded ? bounds : undefined,
      boundaryOrder: ranges.length > 1 ? boundaryOrder(order, ranges) : BoundaryOrder.ASCENDING,
    },
  };
}

/** Pages of nulls alone do not count. Bounds that are shortened keep the order of their values. */
function boundaryOrder<V>(
  order: ValueOrder<V>,
  ranges: readonly (ValueRange<V> | undefined)[],
): number {
  let before: ValueRange<V> | undefined;
  let [isAscending, isDescending] = [true, true];
  for (const range of ranges) {
    if (!range) continue;
    if (before) {
      const steps = [
        order.compare(before.minimum, range.minimum),
        order.compare(before.maximum, range.maximum),
      ];
      isAscending &&= steps.every((step) => step <= 0);
      isDescending &&= steps.every((step) => step >= 0);
    }
    before = range;
  }
  if (isAscending) return BoundaryOrder.ASCENDING;
  return isDescending ? BoundaryOrder.DESCENDING : BoundaryOrder.UNORDERED;
}
