import type { TableContract } from '../contract/table-contract';
import { STAGE_ROWS } from './byte-source';
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
    const check = isNumber(t) && isNumber(a) && isNumber(b) ? checkDoubles : checkBigints;
    return (rows, bad) => {
      check(t.values, a.values, b.values, rows, failed);
      for (let row = 0; row < rows; row++) {
        if (failed[row] === 1 && validities.every((validity) => validity[row] === 1)) bad[row] = 1;
      }
    };
  });
}

type Values = Int32Array | Float64Array | bigint[];

const failed = new Uint8Array(STAGE_ROWS);

function isNumber(column: NumberColumn | BigintColumn): boolean {
  return !Array.isArray(column.values);
}

/**
 * A product of two whole numbers is exact in a double up to 2^53; beyond, it is not rounded to
 * below that, and a total of at most 15 digits is.
 */
function checkDoubles(t: Values, a: Values, b: Values, rows: number, fail: Uint8Array) {
  const [total, one, other] = [t, a, b] as Float64Array[];
  for (let row = 0; row < rows; row++) {
    fail[row] = one![row]! * other![row]! === total![row] ? 0 : 1;
  }
}

function checkBigints(t: Values, a: Values, b: Values, rows: number, fail: Uint8Array) {
  for (let row = 0; row < rows; row++) {
    fail[row] = BigInt(a[row]!) * BigInt(b[row]!) === BigInt(t[row]!) ? 0 : 1;
  }
}
