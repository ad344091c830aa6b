import type { Column, ColumnType } from '../contract/column';
import { columnEntries, type TableContract } from '../contract/table-contract';
import type { ByteBuffer } from './byte-buffer';
import { Repetition } from './parquet-format';
import { physicalType } from './physical-type';
import {
  endStruct,
  putBool,
  putI32,
  putI8,
  putList,
  putStruct,
  putText,
  Thrift,
} from './thrift-compact';

/**
 * Writes a contract's columns as the schema of a file: a list of SchemaElement, the table first.
 * https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
 */
export function putSchema(out: ByteBuffer, step: number, contract: TableContract): void {
  const columns = columnEntries(contract);
  putList(out, step, Thrift.STRUCT, columns.length + 1);
  putText(out, 4, contract.name); // name
  putI32(out, 1, columns.length); // num_children
  endStruct(out);
  for (const [name, column] of columns) putColumn(out, name, column);
}

function putColumn(out: ByteBuffer, name: string, { type, nullable }: Column): void {
  const { type: stored, typeLength, convertedType, scale, precision } = physicalType(type);
  putI32(out, 1, stored); // type
  if (typeLength !== undefined) putI32(out, 1, typeLength); // type_length
  const repetition = nullable ? Repetition.OPTIONAL : Repetition.REQUIRED;
  putI32(out, typeLength === undefined ? 2 : 1, repetition); // repetition_type
  putText(out, 1, name); // name
  putI32(out, 2, convertedType); // converted_type
  const isDecimal = scale !== undefined && precision !== undefined;
  if (isDecimal) {
    putI32(out, 1, scale); // scale
    putI32(out, 1, precision); // precision
  }
  putStruct(out, isDecimal ? 2 : 4); // logicalType
  putLogicalType(out, type);
  endStruct(out);
  endStruct(out);
}

/** A union: its one member tells the type. */
function putLogicalType(out: ByteBuffer, type: ColumnType): void {
  switch (type.kind) {
    case 'string':
      putStruct(out, 1); // STRING
      break;
    case 'decimal':
      putStruct(out, 5); // DECIMAL
      putI32(out, 1, type.scale);
      putI32(out, 1, type.precision);
      break;
    case 'date':
      putStruct(out, 6); // DATE
      break;
    case 'timestamp':
      putStruct(out, 8); // TIMESTAMP
      putBool(out, 1, true); // isAdjustedToUTC
      putStruct(out, 1); // unit
      putStruct(out, 1); // MILLIS
      endStruct(out);
      endStruct(out);
      break;
    case 'int32':
      putStruct(out, 10); // INTEGER
      putI8(out, 1, 32); // bitWidth
      putBool(out, 1, true); // isSigned
  }
  endStruct(out);
}
