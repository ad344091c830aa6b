import { createArrowParquetFile } from '@saleslake/shared/parquet/arrow-writer';
import type { Candidate } from './candidate';
import { convert } from './lake-files';

export const open: Candidate = () =>
  Promise.resolve((input, outputFolder) => convert(createArrowParquetFile, input, outputFolder));
