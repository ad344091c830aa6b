import { QueryError } from '../query-engine';

/**
 * A data type as Hive, Trino and DuckDB all have it, told apart by its shape:
 * scalars by Trino's name, with their parameters (`varchar(10)`, `decimal(10,2)`).
 */
export type DataType =
  | { kind: 'scalar'; name: string; parameters: number[] }
  | { kind: 'array'; element: DataType }
  | { kind: 'map'; key: DataType; value: DataType }
  | { kind: 'row'; fields: { name?: string; type: DataType }[] };

const TRINO_NAME: Record<string, string> = {
  int: 'integer',
  string: 'varchar',
  binary: 'varbinary',
  float: 'real',
  numeric: 'decimal',
  dec: 'decimal',
};

const DUCKDB_NAME: Record<string, string> = {
  boolean: 'BOOLEAN',
  tinyint: 'TINYINT',
  smallint: 'SMALLINT',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  real: 'FLOAT',
  double: 'DOUBLE',
  varchar: 'VARCHAR',
  char: 'VARCHAR',
  varbinary: 'BLOB',
  date: 'DATE',
  time: 'TIME',
  timestamp: 'TIMESTAMP',
  'timestamp with time zone': 'TIMESTAMPTZ',
  json: 'JSON',
  uuid: 'UUID',
};

/**
 * Reads a type as Hive writes it (`array<struct<a:int>>`) or as Trino does (`array(row(a integer))`).
 * @throws QueryError TYPE_NOT_FOUND for what is neither.
 */
export function parseType(text: string): DataType {
  const words = text.match(/"(?:[^"]|"")*"|`[^`]*`|[\p{L}_$][\p{L}\p{N}_$]*|\d+|[<>(),:]/gu) ?? [];
  let at = 0;
  const fail = (): never => {
    throw new QueryError('TYPE_NOT_FOUND', `Unknown type: ${text.trim()}`);
  };
  const take = (...expected: string[]): string => {
    const word = words[at++]?.toLowerCase() ?? '';
    if (expected.length > 0 && !expected.includes(word)) fail();
    return word;
  };
  const isNext = (...expected: string[]): boolean =>
    expected.includes(words[at]?.toLowerCase() ?? '');

  function type(): DataType {
    const word = take();
    if (word === 'array') {
      take('<', '(');
      const element = type();
      take('>', ')');
      return { kind: 'array', element };
    }
    if (word === 'map') {
      take('<', '(');
      const key = type();
      take(',');
      const value = type();
      take('>', ')');
      return { kind: 'map', key, value };
    }
    if (word === 'struct' || word === 'row') {
      take('<', '(');
      const fields = [field()];
      while (isNext(',')) {
        take();
        fields.push(field());
      }
      take('>', ')');
      return { kind: 'row', fields };
    }
    if (!/^[a-z]/.test(word)) fail();
    let name = TRINO_NAME[word] ?? word;
    if (name === 'double' && isNext('precision')) take();
    const parameters: number[] = [];
    if (isNext('(')) {
      take();
      do {
        parameters.push(Number(take()));
      } while (isNext(',') && take());
      take(')');
    }
    if (name === 'timestamp' && isNext('with', 'without')) {
      if (take() === 'with') name = 'timestamp with time zone';
      take('time');
      take('zone');
    }
    if (name !== 'decimal' && !(name in DUCKDB_NAME)) fail();
    return { kind: 'scalar', name, parameters };
  }

  function field(): { name?: string; type: DataType } {
    const following = words[at + 1];
    const isUnnamed = following === undefined || [',', ')', '>', '(', '<'].includes(following);
    if (isUnnamed) return { type: type() };
    const name = (words[at++] ?? '').replace(/^["`]|["`]$/g, '');
    if (isNext(':')) take();
    return { name: name.toLowerCase(), type: type() };
  }

  const result = type();
  if (at < words.length) fail();
  return result;
}

/** DuckDB's name for a type. */
export function duckdbType(type: DataType): string {
  switch (type.kind) {
    case 'array':
      return `${duckdbType(type.element)}[]`;
    case 'map':
      return `MAP(${duckdbType(type.key)}, ${duckdbType(type.value)})`;
    case 'row': {
      const fields = type.fields.map(
        (field, i) => `"${field.name ?? `field${i}`}" ${duckdbType(field.type)}`,
      );
      return `STRUCT(${fields.join(', ')})`;
    }
    case 'scalar': {
      if (type.name === 'decimal') {
        const [precision = 38, scale = 0] = type.parameters;
        return `DECIMAL(${precision},${scale})`;
      }
      return DUCKDB_NAME[type.name] ?? type.name;
    }
  }
}

/** Hive's name for a type, as the Glue Data Catalog keeps it. */
export function hiveType(type: DataType): string {
  switch (type.kind) {
    case 'array':
      return `array<${hiveType(type.element)}>`;
    case 'map':
      return `map<${hiveType(type.key)},${hiveType(type.value)}>`;
    case 'row':
      return `struct<${type.fields.map((field, i) => `${field.name ?? `field${i}`}:${hiveType(field.type)}`).join(',')}>`;
    case 'scalar': {
      const hiveNames: Record<string, string> = {
        integer: 'int',
        real: 'float',
        varbinary: 'binary',
        json: 'string',
        uuid: 'string',
        time: 'string',
        'timestamp with time zone': 'timestamp',
      };
      if (type.name === 'decimal') {
        const [precision = 10, scale = 0] = type.parameters;
        return `decimal(${precision},${scale})`;
      }
      if (type.name === 'varchar' && type.parameters.length === 0) return 'string';
      const name = hiveNames[type.name] ?? type.name;
      return name === 'varchar' || name === 'char' ? `${name}(${type.parameters[0] ?? 1})` : name;
    }
  }
}

/** Trino's name for a type, as SHOW COLUMNS of a view and typeof have it. */
export function trinoType(type: DataType): string {
  switch (type.kind) {
    case 'array':
      return `array(${trinoType(type.element)})`;
    case 'map':
      return `map(${trinoType(type.key)}, ${trinoType(type.value)})`;
    case 'row':
      return `row(${type.fields.map(({ name, type: of }) => `${name ? `${name} ` : ''}${trinoType(of)}`).join(', ')})`;
    case 'scalar': {
      if (type.name === 'timestamp') return 'timestamp(3)';
      if (type.name === 'timestamp with time zone') return 'timestamp(3) with time zone';
      return type.parameters.length > 0 ? `${type.name}(${type.parameters.join(',')})` : type.name;
    }
  }
}
