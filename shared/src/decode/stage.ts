import type { Column } from '../contract/column';
import { columnEntries, type TableContract } from '../contract/table-contract';
import { DOUBLE_DIGITS } from '../parquet/vector-kind';
import { createBigintColumn } from './bigint-column';
import { STAGE_ROWS } from './byte-source';
import { createDerivation, type Derivation } from './derived-column';
import { createKeyIndex, type KeyIndex } from './key-index';
import type { Member } from './layout';
import { createLayouts, type Layouts } from './layouts';
import {
  createComputedColumn,
  createDateColumn,
  createDecimalColumn,
  createInt32Column,
  createTimestampColumn,
  type ComputedColumn,
  type TimestampColumn,
} from './number-column';
import { ONLY_DAY } from './partition';
import { createRowHasher, type HashedColumn, type RowHasher } from './row-hash';
import { skipValue } from './skip-value';
import type { ColumnBuffer, StagedColumn } from './staged-column';
import { createTextColumn, type TextColumn } from './text-column';

/** The rows of one day that wait for their batch. */
export interface DayBuffer {
  day: number;
  columns: ColumnBuffer[];
  size: number;
  /** The staged rows that are about to be appended, and what they weigh. */
  rows: Int32Array;
  count: number;
  bytes: number;
}

/**
 * Where the records of an object are decoded. Building it, and having the JavaScript of its layouts
 * compiled, costs more than a small object; so it is kept for the next one of the same table.
 */
export interface Stage extends Columns {
  layouts: Layouts;
  keys: KeyIndex;
  /** Of each row where its record stands, and what is known of it. */
  starts: Int32Array;
  ends: Int32Array;
  lines: Uint32Array;
  bad: Uint8Array;
  hash: RowHasher;
  /** Buffers that wait for the rows of a day. */
  free: DayBuffer[];
}

const idle = new WeakMap<TableContract, Stage>();

/** The stage that an object of that table left behind, or a new one. */
export function takeStage(contract: TableContract): Stage {
  const stage = idle.get(contract) ?? createStage(contract);
  idle.delete(contract);
  return stage;
}

/** Leaves a stage to the next object, which knows nothing of this one. */
export function leaveStage(contract: TableContract, stage: Stage): void {
  for (const column of stage.list) column.reset?.();
  stage.layouts.reset();
  stage.keys.clear();
  idle.set(contract, stage);
}

function createStage(contract: TableContract): Stage {
  const columns = stageColumns(contract);
  const layouts = createLayouts(membersOf(columns), { read: skipValue, absent: () => undefined });
  return {
    ...columns,
    layouts,
    keys: createKeyIndex(),
    starts: new Int32Array(STAGE_ROWS),
    ends: new Int32Array(STAGE_ROWS),
    lines: new Uint32Array(STAGE_ROWS),
    bad: new Uint8Array(STAGE_ROWS),
    hash: createHasher(contract, columns),
    free: [],
  };
}

interface Columns {
  columns: ReadonlyMap<string, StagedColumn>;
  /** The columns in the contract's order. */
  list: StagedColumn[];
  derivations: Derivation[];
  derivationOf: ReadonlyMap<string, Derivation>;
  /** The day of each row's partition. */
  days: Int32Array;
}

function stageColumns(contract: TableContract): Columns {
  const columns = new Map<string, StagedColumn>();
  const times = new Map<string, TimestampColumn>();
  const computedColumns = new Map<string, ComputedColumn>();
  const { partitioning } = contract;
  let before: TextColumn | undefined;
  for (const [name, column] of columnEntries(contract)) {
    const { type } = column;
    let staged: StagedColumn;
    if (type.kind === 'string') {
      const unique = contract.key.length === 1 && contract.key[0] === name;
      const text = createTextColumn(column as Column<string>, unique, before);
      // Of texts that do not repeat nothing follows.
      if (!unique) before = text;
      staged = text;
    } else if (type.kind === 'timestamp') {
      const isPartition = name === partitioning?.column;
      const least = isPartition ? Date.UTC(partitioning.firstYear) : -Infinity;
      const most = isPartition ? Date.UTC(partitioning.lastYear + 1) - 1 : Infinity;
      const time = createTimestampColumn(column as Column<number>, least, most);
      times.set(name, time);
      staged = time;
    } else if (type.kind === 'decimal') {
      const create = type.precision <= DOUBLE_DIGITS ? createDecimalColumn : createBigintColumn;
      staged = create(column as Column<bigint>, type.precision, type.scale);
    } else if (column.derivedFrom) {
      const computed = createComputedColumn(column);
      computedColumns.set(name, computed);
      staged = computed;
    } else {
      const create = type.kind === 'date' ? createDateColumn : createInt32Column;
      staged = create(column as Column<number>);
    }
    columns.set(name, staged);
  }
  const derivationOf = new Map<string, Derivation>();
  for (const [name, { derivedFrom }] of [
    ...columnEntries(contract),
    ...Object.entries(contract.partitionColumns),
  ]) {
    if (!derivedFrom) continue;
    const from = times.get(derivedFrom.column)!;
    const into = computedColumns.get(name);
    derivationOf.set(name, createDerivation(from, derivedFrom.part, into));
  }
  return {
    columns,
    list: [...columns.values()],
    derivations: [...derivationOf.values()],
    derivationOf,
    days: partitioning
      ? times.get(partitioning.column)!.days
      : new Int32Array(STAGE_ROWS).fill(ONLY_DAY),
  };
}

function createHasher({ key }: TableContract, { columns }: Columns): RowHasher {
  const hashed = (isKey: boolean): HashedColumn[] =>
    [...columns].flatMap(([name, { hashed }]) =>
      hashed && key.includes(name) === isKey ? [hashed] : [],
    );
  return createRowHasher(hashed(true), hashed(false));
}

/** What a record may have, in the order in which one is written. */
function membersOf({ columns, derivationOf }: Columns) {
  const members = new Map<string, Member>();
  for (const [name, { member }] of columns) if (member) members.set(name, member);
  for (const [name, { member }] of derivationOf) members.set(name, member);
  return members;
}
