/**
 * Numbers that stand in a Parquet file, named as in
 * https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
 */
export const Type = { INT32: 1, INT64: 2, BYTE_ARRAY: 6, FIXED_LEN_BYTE_ARRAY: 7 } as const;

export const Repetition = { REQUIRED: 0, OPTIONAL: 1 } as const;

export const ConvertedType = {
  UTF8: 0,
  DECIMAL: 5,
  DATE: 6,
  TIMESTAMP_MILLIS: 9,
  INT_32: 17,
} as const;

export const Encoding = {
  PLAIN: 0,
  RLE: 3,
  DELTA_BINARY_PACKED: 5,
  RLE_DICTIONARY: 8,
} as const;

export const Codec = { UNCOMPRESSED: 0, SNAPPY: 1, ZSTD: 6 } as const;

export const PageType = { DATA_PAGE: 0, DICTIONARY_PAGE: 2 } as const;

export const BoundaryOrder = { UNORDERED: 0, ASCENDING: 1, DESCENDING: 2 } as const;
