import { createByteBuffer, type ByteBuffer } from './byte-buffer';
import { pageCodec } from './codec';
import type { ColumnBatch } from './column-batch';
import { fileLayout } from './file-layout';
import { createFileTail, type PlacedChunk } from './file-tail';
import { putMagic } from './magic';
import { footerMetadata, type ParquetFile, type ParquetWriter } from './parquet-writer';
import { createRowGroupBuffer } from './row-group-buffer';

/** What is passed on at once, at least, where more is to come: a small file is of one piece. */
const LEAST_PIECE = 1 << 16;

/** Where the next file puts its bytes, so that few buffers are made; larger ones are not kept. */
let spare: ByteBuffer | undefined;
const LARGEST_SPARE = 1 << 23;

/**
 * Writes Parquet straight from columns: no Arrow and no dependency. Never waits, and holds no more
 * than one row group and what the footer will say.
 */
export const createFastParquetFile: ParquetWriter = (contract, options, write): ParquetFile => {
  const codec = pageCodec(options.compression);
  const layout = fileLayout(contract);
  const buffer = createRowGroupBuffer(contract, options.rowGroupRows);
  const tail = createFileTail(layout);
  const summary = { rows: 0, bytes: 0 };
  let out: ByteBuffer;

  /** Where in the file the next byte of `out` will stand. */
  const position = (): number => summary.bytes + out.length;

  function passOn(): void {
    if (out.length === 0) return;
    write(out.bytes.subarray(0, out.length));
    summary.bytes += out.length;
    out.length = 0;
  }

  /** Passes on what `put` writes to `out`. */
  function emit(put: () => void): void {
    out = spare ?? createByteBuffer(0);
    spare = undefined;
    if (summary.bytes === 0) putMagic(out);
    put();
    passOn();
    if (out.bytes.length <= LARGEST_SPARE) spare = out;
  }

  function putRowGroup({ rowCount, columns }: ColumnBatch): void {
    const chunks: PlacedChunk[] = [];
    for (const [i, { writeChunk }] of layout.columns.entries()) {
      const offset = position();
      chunks.push({ offset, chunk: writeChunk(out, columns[i]!, rowCount, codec) });
      if (out.length >= LEAST_PIECE) passOn();
    }
    tail.add(rowCount, chunks);
    summary.rows += rowCount;
  }

  function writeRowGroup(batch: ColumnBatch): void {
    emit(() => putRowGroup(batch));
  }

  return {
    get bufferedBytes() {
      return buffer.byteSize;
    },
    append(batch, atOnce) {
      for (const rowGroup of buffer.add(batch, atOnce)) writeRowGroup(rowGroup);
    },
    flush() {
      const batch = buffer.rest();
      if (batch) writeRowGroup(batch);
    },
    finish() {
      emit(() => {
        const batch = buffer.rest();
        if (batch) putRowGroup(batch);
        tail.put(out, position(), footerMetadata(contract, options));
      });
      return summary;
    },
    abort: () => undefined,
  };
};
