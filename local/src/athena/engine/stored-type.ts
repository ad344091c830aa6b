import {
  DuckDBArrayType,
  DuckDBDecimalType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  DuckDBTypeId,
  type DuckDBType,
} from '@duckdb/node-api';
import type { DataType } from './data-type';

const NAMES: Partial<Record<DuckDBTypeId, string>> = {
  [DuckDBTypeId.BOOLEAN]: 'boolean',
  [DuckDBTypeId.TINYINT]: 'tinyint',
  [DuckDBTypeId.SMALLINT]: 'smallint',
  [DuckDBTypeId.UTINYINT]: 'smallint',
  [DuckDBTypeId.INTEGER]: 'integer',
  [DuckDBTypeId.USMALLINT]: 'integer',
  [DuckDBTypeId.BIGINT]: 'bigint',
  [DuckDBTypeId.UINTEGER]: 'bigint',
  [DuckDBTypeId.UBIGINT]: 'bigint',
  [DuckDBTypeId.HUGEINT]: 'bigint',
  [DuckDBTypeId.FLOAT]: 'real',
  [DuckDBTypeId.DOUBLE]: 'double',
  [DuckDBTypeId.DATE]: 'date',
  [DuckDBTypeId.TIMESTAMP]: 'timestamp',
  [DuckDBTypeId.TIMESTAMP_MS]: 'timestamp',
  [DuckDBTypeId.TIMESTAMP_S]: 'timestamp',
  [DuckDBTypeId.TIMESTAMP_NS]: 'timestamp',
  [DuckDBTypeId.TIMESTAMP_TZ]: 'timestamp',
  [DuckDBTypeId.BLOB]: 'varbinary',
};

/** The type that a column of a query's result has in a table, or in a view. */
export function storedType(type: DuckDBType): DataType {
  if (type instanceof DuckDBDecimalType) {
    return { kind: 'scalar', name: 'decimal', parameters: [type.width, type.scale] };
  }
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) {
    return { kind: 'array', element: storedType(type.valueType) };
  }
  if (type instanceof DuckDBMapType) {
    return { kind: 'map', key: storedType(type.keyType), value: storedType(type.valueType) };
  }
  if (type instanceof DuckDBStructType) {
    return {
      kind: 'row',
      fields: type.entryTypes.map((entryType, i) => ({
        name: type.entryNames[i] || `field${i}`,
        type: storedType(entryType),
      })),
    };
  }
  return { kind: 'scalar', name: NAMES[type.typeId] ?? 'varchar', parameters: [] };
}
