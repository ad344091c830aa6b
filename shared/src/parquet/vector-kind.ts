import type { ColumnType } from '../contract/column';
import type { ColumnVector } from './column-batch';

/** Every whole number of so many decimal digits is exact in a double. */
export const DOUBLE_DIGITS = 15;

type Kinds = readonly ColumnVector['kind'][];
const STRING: Kinds = ['dictionary', 'utf8'];
const INT32: Kinds = ['int32'];
const INT64: Kinds = ['int64'];
const BIGINT: Kinds = ['bigint'];

/** The kinds of vector that may hold a type's values. */
export function vectorKinds(type: ColumnType): Kinds {
  switch (type.kind) {
    case 'string':
      return STRING;
    case 'int32':
    case 'date':
      return INT32;
    case 'timestamp':
      return INT64;
    case 'decimal':
      return type.precision <= DOUBLE_DIGITS ? INT64 : BIGINT;
  }
}
