import type { TableContract } from '../contract/table-contract';
import type { BigintColumn } from './bigint-column';
import type { NumberColumn } from './number-column';
import type { StagedColumn } from './staged-column';

/**
 * The product rules of a contract over staged rows: each marks with a 1 in `bad` the rows that
 * break it.
 */
export function productChecks(
  { products = [] }: TableContract,
  columns: ReadonlyMap<string, StagedColumn>,
): ((rows: number, bad: Uint8Array) => void)[] {
  const numeric = (name: string) => columns.get(name) as NumberColumn | BigintColumn;
  return products.map(({ total, factors: [one, other] }) => {
    const [t, a, b] = [numeric(total), numeric(one), numeric(other)];
    const validities = [t.validity, a.validity, b.validity].filter((v) => v !== undefined);
    const holds =
      isNumber(t) && isNumber(a) && isNumber(b) ? holdsExactly(t, a, b) : holdsBig(t, a, b);
    return (rows, bad) => {
      for (let row = 0; row < rows; row++) {
        if (!holds(row) && validities.every((validity) => validity[row] === 1)) bad[row] = 1;
      }
    };
  });
}

function isNumber(column: NumberColumn | BigintColumn): column is NumberColumn {
  return column.values instanceof Float64Array;
}

/**
 * A product of two whole numbers is exact in a double up to 2^53; beyond, it is not rounded to
 * below that, and a total of at most 15 digits is.
 */
function holdsExactly({ values: t }: NumberColumn, a: NumberColumn, b: NumberColumn) {
  const [x, y] = [a.values, b.values];
  return (row: number) => x[row]! * y[row]! === t[row];
}

function holdsBig(
  t: NumberColumn | BigintColumn,
  a: NumberColumn | BigintColumn,
  b: NumberColumn | BigintColumn,
) {
  return (row: number) =>
    BigInt(a.values[row]!) * BigInt(b.values[row]!) === BigInt(t.values[row]!);
}
