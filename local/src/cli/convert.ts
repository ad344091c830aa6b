import {
  closeSync,
  createReadStream,
  existsSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { describeRejection } from '@saleslake/shared/decode/rejection';
import { decodeRecords } from '@saleslake/shared/decode/decode-records';
import { gunzip } from '@saleslake/shared/decode/gunzip';
import type * as arrow from '@saleslake/shared/parquet/arrow-writer';
import type * as fast from '@saleslake/shared/parquet/fast-writer';
import type { ParquetWriterName } from '@saleslake/shared/parquet/load-parquet-writer';
import {
  defaultParquetOptions,
  type ParquetCompression,
  type ParquetWriter,
} from '@saleslake/shared/parquet/parquet-writer';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { findTable, tables } from '@saleslake/shared/tables/index';
import { temporaryName } from '../core/atomic-file';
import { formatBytes, formatCount, plural, remark, step } from './terminal';

export interface ConvertOptions {
  table: string;
  writer: ParquetWriterName;
  codec: ParquetCompression;
  /** A file for the records that cannot be used. */
  rejects?: string;
}

// Loaded when it is chosen: the Arrow writer's WebAssembly takes its time.
const load = createRequire(__filename);
const writers: Record<ParquetWriterName, () => ParquetWriter> = {
  arrow: () =>
    (load('@saleslake/shared/parquet/arrow-writer') as typeof arrow).createArrowParquetFile,
  fast: () => (load('@saleslake/shared/parquet/fast-writer') as typeof fast).createFastParquetFile,
};

const SHOWN_REJECTIONS = 5;
const STANDARD_INPUT = '-';

/**
 * `saleslake convert`: a file of JSON, gzipped or not, or standard input, to one Parquet file of a
 * table. Rows of a day stand together, in the order of the input. The output is there when it is
 * whole, or not at all.
 * @returns whether every record was good.
 * @throws SaleslakeError where the table or the file is not there, or the input is not JSON.
 */
export async function convert(
  input: string,
  output: string,
  { table, writer, codec, rejects }: ConvertOptions,
): Promise<boolean> {
  const contract = findTable(table);
  if (!contract) {
    const names = tables.map(({ name }) => name).join(', ');
    throw new SaleslakeError('NoSuchTable', `There is no table ${table}; there is: ${names}.`);
  }
  if (input !== STANDARD_INPUT && !existsSync(input)) {
    throw new SaleslakeError('NoSuchFile', `There is no file ${input}.`);
  }
  const begun = performance.now();
  const converting = step('Convert');
  const total = input === STANDARD_INPUT ? undefined : statSync(input).size;
  const createParquetFile = writers[writer]();
  const temporary = temporaryName(output);
  const file = openSync(temporary, 'w');
  const rejected = rejects === undefined ? undefined : openSync(rejects, 'w');
  const samples: string[] = [];
  let read = 0;

  async function* bytes(): AsyncGenerator<Uint8Array> {
    const source = input === STANDARD_INPUT ? process.stdin : createReadStream(input);
    for await (const chunk of source as AsyncIterable<Uint8Array>) {
      read += chunk.length;
      const of = total === undefined ? '' : ` of ${formatBytes(total)}`;
      converting.update(`${formatBytes(read)}${of}`);
      yield chunk;
    }
  }

  try {
    const parquet = createParquetFile(
      contract,
      { ...defaultParquetOptions, compression: codec },
      (part) => void writeSync(file, part),
    );
    const decoded = await decodeRecords(gunzip(bytes()), contract, {
      // The last rows of a day are not the last of the file: it has those of all days.
      onRows: (_, batch) => parquet.append(batch),
      onReject(rejection) {
        const reasons = describeRejection(rejection);
        if (samples.length < SHOWN_REJECTIONS) samples.push(reasons);
        if (rejected === undefined) return;
        const { line, violations, record } = rejection;
        writeSync(rejected, `${JSON.stringify({ line, reasons, violations, record })}\n`);
      },
    }).catch(async (error: unknown) => {
      await parquet.abort();
      throw error;
    });
    const written = await parquet.finish();
    if (decoded.unusable !== undefined) throw new SaleslakeError('NotJson', decoded.unusable);
    renameSync(temporary, output);
    const seconds = (performance.now() - begun) / 1000;
    converting.done(
      `${plural(decoded.good, 'row')}, ${decoded.rejected} rejected, ` +
        `${plural(decoded.duplicates, 'duplicate')}; ${formatBytes(read)} to ` +
        `${formatBytes(written.bytes)}, ${formatCount(Math.round(decoded.records / seconds))} rows/s`,
    );
    for (const sample of samples) remark(`  ${sample}`);
    const more = decoded.rejected - samples.length;
    if (more > 0) remark(`  … and ${formatCount(more)} more`);
    if (rejects !== undefined && decoded.rejected > 0) remark(`  all of them in ${rejects}`);
    return decoded.rejected === 0;
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(file);
    if (rejected !== undefined) closeSync(rejected);
  }
}
