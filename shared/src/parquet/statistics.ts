import { BoundaryOrder } from './parquet-format';
import type { ValueRange } from './value-encoding';
import type { StatisticsBound, ValueOrder } from './value-order';

/** Of a column chunk. No bound where all is null, or where a long text has no shorter bound. */
export interface ChunkStatistics {
  nullCount: number;
  minimum?: StatisticsBound;
  maximum?: StatisticsBound;
}

/** Of each page of a chunk. */
export interface PageStatistics {
  nullCounts: number[];
  /** Undefined where a page of values has no bound: the chunk then gets no column index. */
  bounds?: { minimum: Uint8Array; maximum: Uint8Array; allNull: boolean }[];
  boundaryOrder: number;
}

export function chunkStatistics<V>(
  order: ValueOrder<V>,
  ranges: readonly (ValueRange<V> | undefined)[],
  nullCount: number,
): ChunkStatistics {
  let whole: ValueRange<V> | undefined;
  for (const range of ranges) {
    if (!range) continue;
    whole ??= { ...range };
    if (order.compare(range.minimum, whole.minimum) < 0) whole.minimum = range.minimum;
    if (order.compare(range.maximum, whole.maximum) > 0) whole.maximum = range.maximum;
  }
  if (!whole) return { nullCount };
  const maximum = order.upperBound(whole.maximum);
  return { nullCount, minimum: order.lowerBound(whole.minimum), ...(maximum && { maximum }) };
}

const NONE = new Uint8Array(0);

export function pageStatistics<V>(
  order: ValueOrder<V>,
  ranges: readonly (ValueRange<V> | undefined)[],
  nullCounts: number[],
): PageStatistics {
  const boundaryOrder = boundaryOrderOf(order, ranges);
  const bounds: PageStatistics['bounds'] = [];
  for (const range of ranges) {
    if (!range) {
      bounds.push({ minimum: NONE, maximum: NONE, allNull: true });
      continue;
    }
    const maximum = order.upperBound(range.maximum);
    if (!maximum) return { nullCounts, boundaryOrder };
    const minimum = order.lowerBound(range.minimum).bytes;
    bounds.push({ minimum, maximum: maximum.bytes, allNull: false });
  }
  return { nullCounts, bounds, boundaryOrder };
}

/** Pages of nulls alone do not count. Bounds that are shortened keep the order of their values. */
function boundaryOrderOf<V>(
  order: ValueOrder<V>,
  ranges: readonly (ValueRange<V> | undefined)[],
): number {
  const known = ranges.filter((range) => range !== undefined);
  const steps = known.slice(1).map((range, i) => {
    const before = known[i]!;
    return [
      order.compare(before.minimum, range.minimum),
      order.compare(before.maximum, range.maximum),
    ];
  });
  if (steps.flat().every((step) => step <= 0)) return BoundaryOrder.ASCENDING;
  if (steps.flat().every((step) => step >= 0)) return BoundaryOrder.DESCENDING;
  return BoundaryOrder.UNORDERED;
}
