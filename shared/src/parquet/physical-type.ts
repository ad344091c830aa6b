import type { ColumnType } from '../contract/column';
import { ConvertedType, Type } from './parquet-format';
import { bool, i32, i8, struct, type ThriftValue } from './thrift-compact';

/** How a type is declared in a Parquet schema: for new readers and, converted, for old ones. */
export interface PhysicalType {
  type: number;
  /** The bytes of a FIXED_LEN_BYTE_ARRAY. */
  typeLength?: number;
  convertedType: number;
  logicalType: ThriftValue;
  precision?: number;
  scale?: number;
}

export const INT32_DIGITS = 9;
export const INT64_DIGITS = 18;

/** https://github.com/apache/parquet-format/blob/master/LogicalTypes.md */
export function physicalType(type: ColumnType): PhysicalType {
  switch (type.kind) {
    case 'string':
      return {
        type: Type.BYTE_ARRAY,
        convertedType: ConvertedType.UTF8,
        logicalType: struct({ 1: struct({}) }),
      };
    case 'int32':
      return {
        type: Type.INT32,
        convertedType: ConvertedType.INT_32,
        logicalType: struct({ 10: struct({ 1: i8(32), 2: bool(true) }) }),
      };
    case 'date':
      return {
        type: Type.INT32,
        convertedType: ConvertedType.DATE,
        logicalType: struct({ 6: struct({}) }),
      };
    case 'timestamp':
      return {
        type: Type.INT64,
        convertedType: ConvertedType.TIMESTAMP_MILLIS,
        logicalType: struct({ 8: struct({ 1: bool(true), 2: struct({ 1: struct({}) }) }) }),
      };
    case 'decimal': {
      const { precision, scale } = type;
      return {
        ...decimalStorage(precision),
        convertedType: ConvertedType.DECIMAL,
        logicalType: struct({ 5: struct({ 1: i32(scale), 2: i32(precision) }) }),
        precision,
        scale,
      };
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
