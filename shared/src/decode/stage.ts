import type { Column } from '../contract/column';
import { columnEntries, type TableContract } from '../contract/table-contract';
import { DOUBLE_DIGITS } from '../parquet/vector-kind';
import { createArena, memory, whenShort, type Arena } from './arena';
import { createBigintColumn } from './bigint-column';
import { createDerivation, type Derivation } from './derived-column';
import { STAGE_ROWS } from './kernel-source';
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
import { productChecks } from './product-check';
import {
  KEYED_ROWS_BYTES,
  createKeyedRows,
  createRowHasher,
  type HashedColumn,
  type KeyedRows,
  type RowHasher,
} from './row-hash';
import type { StagedColumn } from './staged-column';
import { createTextColumn, dictionaryLimits } from './text-column';
import type { WaitingRows } from './waiting-rows';

/**
 * Where the records of an object are decoded. Building it costs more than a small object; so it is kept
 * for the next one of the same table.
 */
export interface Stage extends Columns {
  arena: Arena;
  /** Of records that stand on a line each: none of these goes over several. */
  lineLayouts: Layouts;
  /** Of records that stand anywhere. */
  freeLayouts: Layouts;
  /** Of each row where its record stands. */
  starts: Int32Array;
  ends: Int32Array;
  /** The kernel's Rows, and how many are staged. */
  rows: number;
  count: Int32Array;
  checks: ReturnType<typeof productChecks>;
  hash: RowHasher;
  keyed: KeyedRows;
  keys: KeyIndex;
  /** For rows that wait to be handed on. */
  idle: WaitingRows[];
}

/** So many are kept at most; of the tables that were decoded last. */
const IDLE_STAGES = 8;
const idle = new Map<TableContract, Stage>();

whenShort(() => {
  for (const { arena } of idle.values()) arena.release();
  idle.clear();
});

/** The stage that an object of that table left behind, which is forgotten, or a new one. */
export function takeStage(contract: TableContract): Stage {
  const stage = idle.get(contract);
  if (!stage) return createStage(contract);
  idle.delete(contract);
  for (const column of stage.list) column.reset?.();
  stage.lineLayouts.reset();
  stage.freeLayouts.reset();
  stage.keys.clear();
  return stage;
}

/** Gives up a stage whose object was not decoded to its end. */
export function dropStage({ arena }: Stage): void {
  arena.release();
}

/** Leaves a stage to the next object of that table. */
export function leaveStage(contract: TableContract, stage: Stage): void {
  // To build another takes little time beside that of so large an object.
  if (stage.keys.isLarge) {
    dropStage(stage);
    return;
  }
  idle.get(contract)?.arena.release();
  idle.delete(contract);
  idle.set(contract, stage);
  if (idle.size <= IDLE_STAGES) return;
  const [oldest] = idle.keys();
  idle.get(oldest!)!.arena.release();
  idle.delete(oldest!);
}

function createStage(contract: TableContract): Stage {
  const arena = createArena();
  const columns = stageColumns(contract, arena);
  const unknown: Member = { kind: 'skipped', target: 0, validity: undefined, optional: true };
  const members = membersOf(columns);
  const starts = arena.int32s(STAGE_ROWS);
  const ends = arena.int32s(STAGE_ROWS);
  const keyed = createKeyedRows(memory.buffer, arena.allocate(KEYED_ROWS_BYTES));
  const rows = arena.struct([starts.byteOffset, ends.byteOffset, keyed.lines.byteOffset, 0]);
  const COUNT_WORD = 3;
  return {
    ...columns,
    arena,
    lineLayouts: createLayouts(members, unknown, arena),
    freeLayouts: createLayouts(members, unknown, arena),
    starts,
    ends,
    rows,
    count: new Int32Array(memory.buffer, rows + COUNT_WORD * 4, 1),
    checks: productChecks(contract, columns.columns, arena),
    hash: createHasher(contract, columns, keyed, arena),
    keyed,
    keys: createKeyIndex(),
    idle: [],
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
  /** A text in a record of no more bytes has room among others. */
  longRecordBytes: number;
}

function stageColumns(contract: TableContract, arena: Arena): Columns {
  const columns = new Map<string, StagedColumn>();
  const times = new Map<string, TimestampColumn>();
  const computedColumns = new Map<string, ComputedColumn>();
  const { partitioning } = contract;
  const entries = columnEntries(contract);
  const isUnique = (name: string): boolean => contract.key.length === 1 && contract.key[0] === name;
  const repeating = entries.filter(([name, { type }]) => type.kind === 'string' && !isUnique(name));
  const limits = dictionaryLimits(repeating.length);
  for (const [name, column] of entries) {
    const { type } = column;
    let staged: StagedColumn;
    if (type.kind === 'string') {
      const texts = isUnique(name) ? undefined : limits;
      staged = createTextColumn(column as Column<string>, texts, arena);
    } else if (type.kind === 'timestamp') {
      const isPartition = name === partitioning?.column;
      const least = isPartition ? Date.UTC(partitioning.firstYear) : -Infinity;
      const most = isPartition ? Date.UTC(partitioning.lastYear + 1) - 1 : Infinity;
      const time = createTimestampColumn(column as Column<number>, least, most, arena);
      times.set(name, time);
      staged = time;
    } else if (type.kind === 'decimal') {
      const create = type.precision <= DOUBLE_DIGITS ? createDecimalColumn : createBigintColumn;
      staged = create(column as Column<bigint>, type.precision, type.scale, arena);
    } else if (column.derivedFrom) {
      const computed = createComputedColumn(column, arena);
      computedColumns.set(name, computed);
      staged = computed;
    } else {
      const create = type.kind === 'date' ? createDateColumn : createInt32Column;
      staged = create(column as Column<number>, arena);
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
    derivationOf.set(name, createDerivation(from, derivedFrom.part, into, arena));
  }
  return {
    columns,
    list: [...columns.values()],
    derivations: [...derivationOf.values()],
    derivationOf,
    longRecordBytes: limits.bytes,
    days: partitioning
      ? times.get(partitioning.column)!.days
      : arena.int32s(STAGE_ROWS).fill(ONLY_DAY),
  };
}

function createHasher(
  { key }: TableContract,
  { columns }: Columns,
  keyed: KeyedRows,
  arena: Arena,
): RowHasher {
  const hashed = (isKey: boolean): HashedColumn[] =>
    [...columns].flatMap(([name, { hashed }]) =>
      hashed && key.includes(name) === isKey ? [hashed] : [],
    );
  return createRowHasher(hashed(true), hashed(false), keyed, arena);
}

/** What a record may have, in the order in which one is written. */
function membersOf({ columns, derivationOf }: Columns) {
  const members = new Map<string, Member>();
  for (const [name, { member }] of columns) if (member) members.set(name, member);
  for (const [name, { member }] of derivationOf) members.set(name, member);
  return members;
}
