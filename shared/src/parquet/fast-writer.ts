import { columnEntries } from '../contract/table-contract';
import { createByteBuffer, reserve } from './byte-buffer';
import { pageCodec } from './codec';
import { createChunkWriter } from './column-chunk';
import type { ColumnBatch } from './column-batch';
import { putFooter, type PlacedChunk, type PlacedRowGroup } from './footer';
import { putMagic } from './magic';
import { putColumnIndex, putOffsetIndex } from './page-index';
import { footerMetadata, type ParquetFile, type ParquetWriter } from './parquet-writer';
import { createRowGroupBuffer } from './row-group-buffer';

/** Of a file of one row group and a dozen columns. */
const SMALL_FOOTER = 1 << 13;

/**
 * Writes Parquet straight from columns: no Arrow, no WebAssembly, no dependency. Never waits, and
 * holds no more than one row group and what the footer will say.
 */
export const createFastParquetFile: ParquetWriter = (contract, options, write): ParquetFile => {
  const codec = pageCodec(options.compression);
  const buffer = createRowGroupBuffer(contract, options.rowGroupRows);
  const chunkWriters = columnEntries(contract).map(([, column]) => createChunkWriter(column));
  const rowGroups: PlacedRowGroup[] = [];
  const summary = { rows: 0, bytes: 0 };
  let out = createByteBuffer(0);

  /** Where in the file the next byte of `out` will stand. */
  const position = (): number => summary.bytes + out.length;

  /** Passes on what `put` writes to `out`, and the memory with it: that saves a copy. */
  function emit(put: () => void): void {
    out = createByteBuffer(0);
    if (summary.bytes === 0) putMagic(out);
    put();
    summary.bytes += out.length;
    write(out.bytes.subarray(0, out.length));
  }

  function writeRowGroup({ rowCount, columns }: ColumnBatch): void {
    const chunks: PlacedChunk[] = [];
    for (const [i, writeChunk] of chunkWriters.entries()) {
      emit(() => {
        const offset = position();
        chunks.push({ offset, chunk: writeChunk(out, columns[i]!, rowCount, codec) });
      });
    }
    rowGroups.push({ rowCount, chunks });
    summary.rows += rowCount;
  }

  function putPageIndex(): void {
    const chunks = rowGroups.flatMap((rowGroup) => rowGroup.chunks);
    for (const placed of chunks) {
      const offset = position();
      putColumnIndex(out, placed.chunk);
      if (position() > offset) placed.columnIndex = { offset, size: position() - offset };
    }
    for (const placed of chunks) {
      const offset = position();
      putOffsetIndex(out, placed.chunk, placed.offset);
      placed.offsetIndex = { offset, size: position() - offset };
    }
  }

  function flush(): void {
    const batch = buffer.rest();
    if (batch) writeRowGroup(batch);
  }

  return {
    get bufferedBytes() {
      return buffer.byteSize;
    },
    append(batch) {
      for (const rowGroup of buffer.add(batch)) writeRowGroup(rowGroup);
    },
    flush,
    finish() {
      flush();
      emit(() => {
        reserve(out, SMALL_FOOTER);
        putPageIndex();
        putFooter(out, contract, rowGroups, footerMetadata(contract, options));
      });
      return summary;
    },
    abort: () => undefined,
  };
};
