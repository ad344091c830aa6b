import { partOf, type Column } from './column';

/** A rule over a whole row: `total` is exactly the product of the two `factors`. */
export interface ProductRule {
  total: string;
  factors: readonly [string, string];
}

/** By which day, in UTC, of which timestamp column rows are partitioned. */
export interface DailyPartitioning {
  column: string;
  /**
   * Years that partition projection covers. Athena silently ignores data outside of the range, so
   * a row outside of it is rejected rather than hidden.
   * https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
   */
  firstYear: number;
  lastYear: number;
}

/** How a table's rows lie in folders; not at all where a few small files are the whole table. */
export type Partitioning = DailyPartitioning | undefined;

export interface TableDefinition<
  C extends Record<string, Column>,
  P extends Partitioning = Partitioning,
> {
  /** lower_snake_case: the name in keys, Glue and SQL. */
  name: string;
  /** Grows by one with each change of the columns; written into each file's metadata. */
  version: number;
  comment: string;
  columns: C;
  /** The columns that identify a row. */
  key: readonly string[];
  products?: readonly ProductRule[];
  /** Every table says it: whoever forgets it on a large one has each query read all of it. */
  partitioning: P;
}

/**
 * The one declaration of a table, from which every other form is derived: the row's type, the
 * validator, the Parquet schema, the Glue table, the DDL and the documentation.
 */
export interface TableContract<
  C extends Record<string, Column> = Record<string, Column>,
  P extends Partitioning = Partitioning,
> extends TableDefinition<C, P> {
  /** Year, month and day, or none: part of the table, never inside its files. */
  partitionColumns: Record<string, Column<number>>;
}

/** A row of a contract as TypeScript sees it: the columns inside the file. */
export type RowOf<T extends TableContract> = {
  [K in keyof T['columns']]: T['columns'][K] extends Column<infer V> ? V : never;
};

/**
 * Checks a definition and completes it with its partition columns.
 * @throws TypeError where a name is not lower_snake_case, a comment is not plain ASCII, or where a
 * rule, the key or the partitioning names a column that is not there or not of a fitting type.
 */
export function defineTable<C extends Record<string, Column>, P extends Partitioning>(
  definition: TableDefinition<C, P>,
): TableContract<C, P> {
  const { name, columns, key, products = [], partitioning } = definition;
  const kindOf = (column: string): string => {
    const found = Object.hasOwn(columns, column) ? columns[column] : undefined;
    if (!found) throw new TypeError(`table ${name}: there is no column ${column}`);
    return found.type.kind;
  };
  const scaleOf = (column: string): number => {
    const type = columns[column]?.type;
    return type?.kind === 'decimal' ? type.scale : 0;
  };
  for (const { comment } of [definition, ...Object.values(columns)]) {
    // Comments become DDL and Glue text: Athena shows other characters as question marks, and its
    // DDL has no one way to escape a quote.
    if (!/^[ !"#$%&(-[\]-~]+$/.test(comment)) {
      throw new TypeError(
        `table ${name}: the comment is not plain ASCII without quotes: ${comment}`,
      );
    }
  }
  for (const identifier of [name, ...Object.keys(columns)]) {
    // What Glue, Athena, DuckDB and JavaScript all take for an ordinary name.
    if (!/^[a-z][a-z0-9_]*$/.test(identifier)) {
      throw new TypeError(`table ${name}: ${identifier} is not lower_snake_case`);
    }
  }
  if (key.length === 0) throw new TypeError(`table ${name}: no column identifies a row`);
  for (const column of key) {
    kindOf(column);
    if (columns[column]?.nullable) throw new TypeError(`table ${name}: key ${column} is nullable`);
  }
  for (const [column, { derivedFrom }] of Object.entries(columns)) {
    if (derivedFrom && kindOf(derivedFrom.column) !== 'timestamp') {
      throw new TypeError(`table ${name}: ${column} is derived from what is no timestamp`);
    }
  }
  for (const { total, factors } of products) {
    for (const column of [total, ...factors]) {
      if (!['int32', 'decimal'].includes(kindOf(column))) {
        throw new TypeError(`table ${name}: ${column} of a product rule is not a number`);
      }
    }
    if (scaleOf(total) !== scaleOf(factors[0]) + scaleOf(factors[1])) {
      throw new TypeError(`table ${name}: ${total} has not the scale of ${factors.join(' × ')}`);
    }
  }
  if (!partitioning) return { ...definition, partitionColumns: {} };
  if (kindOf(partitioning.column) !== 'timestamp' || columns[partitioning.column]?.nullable) {
    throw new TypeError(`table ${name}: ${partitioning.column} is not a required timestamp`);
  }
  const part = (part: 'year' | 'month' | 'day'): Column<number> =>
    partOf(partitioning.column, part, {
      comment: `Partition: the ${part} of ${partitioning.column}, UTC.`,
    });
  return {
    ...definition,
    partitionColumns: { year: part('year'), month: part('month'), day: part('day') },
  };
}

/** The columns inside a file, in order. */
export function columnEntries(contract: TableContract): [string, Column][] {
  return Object.entries(contract.columns);
}
