import {
  Compression,
  Encoding,
  WriterPropertiesBuilder,
  type WriterProperties,
} from 'parquet-wasm';
import type { ColumnType } from '../contract/column';
import { columnEntries, type TableContract } from '../contract/table-contract';
import type { ColumnBatch, ColumnVector } from './column-batch';
import { estimateNumberEncoding } from './number-encoding-choice';
import { footerMetadata, type ParquetOptions } from './parquet-writer';

const CODECS = {
  snappy: Compression.SNAPPY,
  zstd: Compression.ZSTD,
  uncompressed: Compression.UNCOMPRESSED,
};

/**
 * How the columns are encoded, chosen by the first row group. A `WriterProperties` serves for one
 * file only: parquet-wasm frees it with the file.
 */
export function arrowWriterProperties(
  contract: TableContract,
  first: ColumnBatch,
  options: ParquetOptions,
): WriterProperties {
  const builder = new WriterPropertiesBuilder()
    .setCompression(CODECS[options.compression])
    .setMaxRowGroupSize(options.rowGroupRows)
    .setCreatedBy('saleslake (apache-arrow, parquet-wasm)')
    .setKeyValueMetadata(footerMetadata(contract, options));
  return columnEntries(contract)
    .reduce(
      (so, [name, { type }], i) => withColumn(so, name, type, first.columns[i]!, first.rowCount),
      builder,
    )
    .build();
}

/**
 * Strings that came with a dictionary are written with one, all others plain and uncompressed, as
 * ids do not shrink. Numbers are deltas, which take half the time of a dictionary, but for those
 * that repeat and are far apart.
 */
function withColumn(
  builder: WriterPropertiesBuilder,
  name: string,
  type: ColumnType,
  vector: ColumnVector,
  rowCount: number,
): WriterPropertiesBuilder {
  switch (vector.kind) {
    case 'dictionary':
      return builder;
    case 'utf8':
      return builder
        .setColumnDictionaryEnabled(name, false)
        .setColumnCompression(name, Compression.UNCOMPRESSED);
    case 'bigint': {
      const plain = builder.setColumnDictionaryEnabled(name, false);
      return type.kind === 'decimal' && type.precision > INT64_DIGITS
        ? plain
        : plain.setColumnEncoding(name, Encoding.DELTA_BINARY_PACKED);
    }
    default: {
      const { deltaBits, tryDictionary } = estimateNumberEncoding(vector.values, rowCount);
      return builder
        .setColumnDictionaryEnabled(name, tryDictionary && deltaBits > FEW_BITS)
        .setColumnEncoding(name, Encoding.DELTA_BINARY_PACKED);
    }
  }
}

/** Deltas of so few bits are hardly larger than a dictionary's codes. */
const FEW_BITS = 8;

/** Decimals of more digits are byte arrays in Parquet. */
const INT64_DIGITS = 18;
