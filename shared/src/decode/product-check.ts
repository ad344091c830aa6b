import type { TableContract } from '../contract/table-contract';
import type { Arena } from './arena';
import type { BigintColumn } from './bigint-column';
import { kernel } from './kernel';
import { STAGE_ROWS } from './kernel-source';
import type { NumberColumn } from './number-column';
import type { StagedColumn } from './staged-column';

/** Marks with a 1 in `bad` those of the first `rows` staged rows that break a rule. */
type Check = (rows: number, bad: Uint8Array) => void;

/** The product rules of a contract over staged rows. */
export function productChecks(
  { products = [] }: TableContract,
  columns: ReadonlyMap<string, StagedColumn>,
  arena: Arena,
): Check[] {
  const numeric = (name: string) => columns.get(name) as NumberColumn | BigintColumn;
  return products.map(({ total, factors: [one, other] }) => {
    const [t, a, b] = [numeric(total), numeric(one), numeric(other)];
    const validities = [t.validity, a.validity, b.validity].filter((v) => v !== undefined);
    const check =
      isNumber(t) && isNumber(a) && isNumber(b)
        ? checkNumbers(t.values, a.values, b.values)
        : checkBigints(t.values, a.values, b.values);
    if (validities.length === 0) return check;
    const failed = arena.bytes(STAGE_ROWS);
    return (rows, bad) => {
      failed.fill(0);
      check(rows, failed);
      for (let row = 0; row < rows; row++) {
        if (failed[row] === 1 && validities.every((validity) => validity[row] === 1)) bad[row] = 1;
      }
    };
  });
}

type Numbers = NumberColumn['values'];
type Values = Numbers | bigint[];

function isNumber(column: NumberColumn | BigintColumn): column is NumberColumn {
  return !Array.isArray(column.values);
}

function checkNumbers(totals: Numbers, ones: Numbers, others: Numbers): Check {
  const isInt32 = (values: Numbers): boolean => values instanceof Int32Array;
  return (rows, bad) => {
    kernel.checkProduct(
      totals.byteOffset,
      isInt32(totals),
      ones.byteOffset,
      isInt32(ones),
      others.byteOffset,
      isInt32(others),
      rows,
      bad.byteOffset,
    );
  };
}

function checkBigints(totals: Values, ones: Values, others: Values): Check {
  return (rows, bad) => {
    for (let row = 0; row < rows; row++) {
      if (BigInt(ones[row]!) * BigInt(others[row]!) !== BigInt(totals[row]!)) bad[row] = 1;
    }
  };
}
