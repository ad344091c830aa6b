import {
  Compression,
  Encoding,
  WriterPropertiesBuilder,
  type WriterProperties,
} from 'parquet-wasm';
import { columnEntries, type TableContract } from '../contract/table-contract';
import type { ColumnBatch } from './column-batch';
import { footerMetadata, type ParquetOptions } from './parquet-writer';

const CODECS = {
  snappy: Compression.SNAPPY,
  zstd: Compression.ZSTD,
  uncompressed: Compression.UNCOMPRESSED,
};

/**
 * Chosen by the first row group: a string column that came with a dictionary is written with one,
 * any other string plain and uncompressed, as ids do not shrink, and numbers as deltas: half the
 * time and the size of the defaults. A `WriterProperties` serves for one file only.
 */
export function arrowWriterProperties(
  contract: TableContract,
  first: ColumnBatch,
  options: ParquetOptions,
): WriterProperties {
  let builder = new WriterPropertiesBuilder()
    .setCompression(CODECS[options.compression])
    .setMaxRowGroupSize(options.rowGroupRows)
    .setCreatedBy('saleslake (apache-arrow, parquet-wasm)')
    .setKeyValueMetadata(footerMetadata(contract, options));
  for (const [i, [name, { type }]] of columnEntries(contract).entries()) {
    const vector = first.columns[i]!;
    if (vector.kind === 'dictionary') continue;
    builder = builder.setColumnDictionaryEnabled(name, false);
    if (vector.kind === 'utf8') {
      builder = builder.setColumnCompression(name, Compression.UNCOMPRESSED);
    } else if (type.kind !== 'decimal' || type.precision <= INT64_DIGITS) {
      builder = builder.setColumnEncoding(name, Encoding.DELTA_BINARY_PACKED);
    }
  }
  return builder.build();
}

/** Decimals of more digits are byte arrays in Parquet. */
const INT64_DIGITS = 18;
