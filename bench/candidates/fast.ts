import { createFastParquetFile } from '@saleslake/shared/parquet/fast-writer';
import type { Candidate } from './candidate';
import { convert } from './lake-files';

export const open: Candidate = () =>
  Promise.resolve((input, outputFolder) => convert(createFastParquetFile, input, outputFolder));
