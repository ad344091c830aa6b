import type { Column, ColumnType } from '@saleslake/shared/contract/column';
import type { TableContract } from '@saleslake/shared/contract/table-contract';
import type { GlueTable } from '../../cloudformation/catalog';

/**
 * A table of the Glue catalog as the Parquet writer wants it: the columns of the files, each of
 * which may be null. Throws RangeError, naming the column, for a type that the local AWS does not
 * write.
 */
export function contractOfTable({ name, columns, description }: GlueTable): TableContract {
  if (columns.length === 0) throw new RangeError(`The table ${name} has no columns.`);
  const entries = columns.map((column): [string, Column] => [
    column.name,
    {
      type: columnType(name, column.name, column.type),
      nullable: true,
      rules: {},
      comment: column.comment ?? '',
    },
  ]);
  return {
    name,
    version: 1,
    comment: description ?? '',
    columns: Object.fromEntries(entries),
    key: [],
    partitioning: undefined,
    partitionColumns: {},
  };
}

/** https://docs.aws.amazon.com/athena/latest/ug/data-types.html */
function columnType(table: string, column: string, type: string): ColumnType {
  const plain = type.toLowerCase().replaceAll(' ', '');
  switch (plain) {
    case 'string':
    case 'timestamp':
    case 'date':
      return { kind: plain };
    case 'int':
    case 'integer':
      return { kind: 'int32' };
    case 'decimal':
      return { kind: 'decimal', precision: 10, scale: 0 };
  }
  const [, precision, scale = '0'] = /^decimal\((\d+)(?:,(\d+))?\)$/.exec(plain) ?? [];
  if (precision !== undefined) {
    return { kind: 'decimal', precision: Number(precision), scale: Number(scale) };
  }
  throw new RangeError(
    `The column ${column} of the table ${table} is a ${type}; ` +
      'the local AWS converts string, int, decimal, timestamp and date.',
  );
}
