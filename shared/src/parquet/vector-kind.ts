import type { ColumnType } from '../contract/column';
import type { ColumnVector } from './column-batch';

/** Every whole number of so many decimal digits is exact in a double. */
export const DOUBLE_DIGITS = 15;

/** The kinds of vector that may hold a type's values. */
export function vectorKinds(type: ColumnType): ColumnVector['kind'][] {
  switch (type.kind) {
    case 'string':
      return ['dictionary', 'utf8'];
    case 'int32':
    case 'date':
      return ['int32'];
    case 'timestamp':
      return ['int64'];
    case 'decimal':
      return [type.precision <= DOUBLE_DIGITS ? 'int64' : 'bigint'];
  }
}
