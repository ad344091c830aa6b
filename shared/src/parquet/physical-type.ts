import type { ColumnType } from '../contract/column';
import { ConvertedType, Type } from './parquet-format';

/** How a type is declared in a Parquet schema for old readers; putLogicalType does for new ones. */
export interface PhysicalType {
  type: number;
  /** The bytes of a FIXED_LEN_BYTE_ARRAY. */
  typeLength?: number;
  convertedType: number;
  precision?: number;
  scale?: number;
}

export const INT32_DIGITS = 9;
export const INT64_DIGITS = 18;

/** https://github.com/apache/parquet-format/blob/master/LogicalTypes.md */
export function physicalType(type: ColumnType): PhysicalType {
  switch (type.kind) {
    case 'string':
      return { type: Type.BYTE_ARRAY, convertedType: ConvertedType.UTF8 };
    case 'int32':
      return { type: Type.INT32, convertedType: ConvertedType.INT_32 };
    case 'date':
      return { type: Type.INT32, convertedType: ConvertedType.DATE };
    case 'timestamp':
      return { type: Type.INT64, convertedType: ConvertedType.TIMESTAMP_MILLIS };
    case 'decimal': {
      const { precision, scale } = type;
      const convertedType = ConvertedType.DECIMAL;
      return { ...decimalStorage(precision), convertedType, precision, scale };
    }
  }
}

function decimalStorage(precision: number): { type: number; typeLength?: number } {
  if (precision <= INT32_DIGITS) return { type: Type.INT32 };
  if (precision <= INT64_DIGITS) return { type: Type.INT64 };
  // The sign takes one bit.
  const bits = (10n ** BigInt(precision)).toString(2).length + 1;
  return { type: Type.FIXED_LEN_BYTE_ARRAY, typeLength: Math.ceil(bits / 8) };
}
