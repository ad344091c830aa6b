import {
  DuckDBArrayType,
  DuckDBDecimalType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  DuckDBTypeId,
  type DuckDBType,
} from '@duckdb/node-api';

const HIVE_TYPES: Partial<Record<DuckDBTypeId, string>> = {
  [DuckDBTypeId.BOOLEAN]: 'boolean',
  [DuckDBTypeId.TINYINT]: 'tinyint',
  [DuckDBTypeId.SMALLINT]: 'smallint',
  [DuckDBTypeId.INTEGER]: 'int',
  [DuckDBTypeId.BIGINT]: 'bigint',
  // Hive has no unsigned ones: the next larger.
  [DuckDBTypeId.UTINYINT]: 'smallint',
  [DuckDBTypeId.USMALLINT]: 'int',
  [DuckDBTypeId.UINTEGER]: 'bigint',
  [DuckDBTypeId.UBIGINT]: 'decimal(20,0)',
  [DuckDBTypeId.HUGEINT]: 'decimal(38,0)',
  [DuckDBTypeId.FLOAT]: 'float',
  [DuckDBTypeId.DOUBLE]: 'double',
  [DuckDBTypeId.DATE]: 'date',
  [DuckDBTypeId.TIMESTAMP]: 'timestamp',
  [DuckDBTypeId.TIMESTAMP_S]: 'timestamp',
  [DuckDBTypeId.TIMESTAMP_MS]: 'timestamp',
  [DuckDBTypeId.TIMESTAMP_NS]: 'timestamp',
  [DuckDBTypeId.TIMESTAMP_TZ]: 'timestamp',
  [DuckDBTypeId.BLOB]: 'binary',
};

const FROM_TEXT = new Set(['date', 'timestamp', 'binary']);

/**
 * The Hive type of a DuckDB one.
 *
 * @param textual whether the values stand in the file as text: then what reads like a date stays a
 * string, as Glue has it, since each SerDe reads other forms of dates
 */
export function hiveType(type: DuckDBType, textual: boolean): string {
  if (type instanceof DuckDBDecimalType) return `decimal(${type.width},${type.scale})`;
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) {
    return `array<${hiveType(type.valueType, textual)}>`;
  }
  if (type instanceof DuckDBMapType) {
    return `map<${hiveType(type.keyType, textual)},${hiveType(type.valueType, textual)}>`;
  }
  if (type instanceof DuckDBStructType) {
    const members = type.entryNames.map((name, i) => {
      const member = type.entryTypes[i];
      return `${name.toLowerCase()}:${member ? hiveType(member, textual) : 'string'}`;
    });
    return `struct<${members.join(',')}>`;
  }
  const name = HIVE_TYPES[type.typeId] ?? 'string';
  return textual && FROM_TEXT.has(name) ? 'string' : name;
}

// Each holds what those before it hold, at a double's precision.
const WIDER = ['tinyint', 'smallint', 'int', 'bigint', 'float', 'double'];

/** A type for a column that files have with either; `string` where nothing else holds both. */
export function commonType(a: string, b: string): string {
  if (a === b) return a;
  const [low = -1, high = -1] = [WIDER.indexOf(a), WIDER.indexOf(b)].sort((x, y) => x - y);
  if (low >= 0) return WIDER[high] ?? 'string';
  if (isNumeric(a) && isNumeric(b)) return 'double';
  // What a struct has gained the later files tell.
  if (a.startsWith('struct<') && b.startsWith('struct<')) return b;
  return 'string';
}

function isNumeric(type: string): boolean {
  return WIDER.includes(type) || type.startsWith('decimal(');
}
