import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Column } from '@saleslake/shared/contract/column';
import { formatDecimal, parseDecimal } from '@saleslake/shared/contract/decimal';
import {
  columnEntries,
  type RowOf,
  type TableContract,
} from '@saleslake/shared/contract/table-contract';
import { createFastParquetFile } from '@saleslake/shared/parquet/fast-writer';
import { defaultParquetOptions } from '@saleslake/shared/parquet/parquet-writer';
import { createRowBuffer } from '@saleslake/shared/parquet/row-buffer';
import { processedKey } from '@saleslake/shared/lake/processed-keys';
import { findTable } from '@saleslake/shared/tables/index';

/** The fields of a line of a fixture by column; null where there is nothing between the commas. */
type Line = Record<string, string | null>;

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Writes the tables of fixtures/<name>/<table>.csv as Parquet files in the lake's layout into
 * `folder`, the root of a curated bucket. Each line says in which file its row is, and may say in
 * which partition; what is left empty of amounts, hours, days of the week and partitions is what
 * it ought to be. A column of which no row of a file has a value is not in the file.
 */
export function writeFixture(folder: string, name: string, table: string): void {
  const contract = findTable(table);
  if (!contract) throw new Error(`there is no table ${table}`);
  const text = readFileSync(join(__dirname, 'fixtures', name, `${table}.csv`), 'utf8');
  writeRows(folder, contract, readCsv(text));
}

/** Writes rows given as in a fixture. */
export function writeRows(folder: string, contract: TableContract, lines: Line[]): void {
  const files = new Map<string, Line[]>();
  for (const line of lines.map(completed)) {
    const file = `${line['file']} ${line['partition']}`;
    files.set(file, [...(files.get(file) ?? []), line]);
  }
  for (const [file, rows] of files) {
    const written = withoutEmptyColumns(contract, rows);
    const buffer = createRowBuffer(written);
    for (const row of rows) buffer.append(toRow(written, row));
    const key = processedKey(contract.name, partitionOf(rows[0]), idOf(file));
    mkdirSync(dirname(join(folder, key)), { recursive: true });
    writeFileSync(join(folder, key), parquetOf(written, buffer.take()));
  }
}

function parquetOf(
  contract: TableContract,
  batch: ReturnType<ReturnType<typeof createRowBuffer>['take']>,
) {
  const chunks: Uint8Array[] = [];
  const file = createFastParquetFile(contract, defaultParquetOptions, (bytes) =>
    chunks.push(new Uint8Array(bytes)),
  );
  void file.append(batch);
  void file.finish();
  return Buffer.concat(chunks);
}

function readCsv(text: string): Line[] {
  const [header = [], ...lines] = text
    .trim()
    .split('\n')
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map(
        ([, q, plain]) => q ?? (plain || null),
      ),
    );
  return lines.map((fields) =>
    Object.fromEntries(header.map((name, i) => [name ?? '', fields[i] ?? null])),
  );
}

function completed(line: Line): Line {
  const time = line['timestamp'] ?? line['event_time'];
  if (!time) return line;
  const at = Date.parse(`${time.replace(' ', 'T')}Z`);
  const partition = line['partition'] ?? time.slice(0, 10);
  if (line['quantity'] == null || line['price'] == null) return { ...line, partition };
  const cents = BigInt(line['quantity']) * (parseDecimal(line['price'], 10, 2) ?? 0n);
  return {
    ...line,
    partition,
    total_amount: line['total_amount'] ?? formatDecimal(cents, 2),
    hour: line['hour'] ?? String(new Date(at).getUTCHours()),
    day_of_week: line['day_of_week'] ?? String((new Date(at).getUTCDay() + 6) % 7),
  };
}

function withoutEmptyColumns(contract: TableContract, rows: Line[]): TableContract {
  const columns = columnEntries(contract).filter(([name]) => rows.some((row) => row[name] != null));
  return { ...contract, columns: Object.fromEntries(columns) };
}

function toRow(contract: TableContract, line: Line): RowOf<TableContract> {
  return Object.fromEntries(
    columnEntries(contract).map(([name, column]) => [name, toValue(column, line[name] ?? null)]),
  );
}

function toValue({ type }: Column, text: string | null): unknown {
  if (text === null) return null;
  switch (type.kind) {
    case 'string':
      return text;
    case 'int32':
      return Number(text);
    case 'decimal':
      return parseDecimal(text, type.precision, type.scale);
    case 'timestamp':
      return Date.parse(`${text.replace(' ', 'T')}Z`);
    case 'date':
      return Date.parse(text) / DAY_MS;
  }
}

function partitionOf(line: Line | undefined) {
  const [year, month, day] = (line?.['partition'] ?? '').split('-').map(Number);
  return year && month && day ? { year, month, day } : undefined;
}

function idOf(file: string): string {
  return createHash('sha256').update(file).digest('hex').slice(0, 32);
}
