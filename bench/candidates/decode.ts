import { decodeRecords } from '@saleslake/shared/decode/decode-records';
import { gunzip } from '@saleslake/shared/decode/gunzip';
import { transactions } from '@saleslake/shared/tables/transactions';
import type { Candidate } from './candidate';
import { readPieces } from './lake-files';

/** Decoding and checking alone. */
export const open: Candidate = () =>
  Promise.resolve(async (input) => {
    const nothing = (): void => {};
    const { good } = await decodeRecords(gunzip(readPieces(input)), transactions, {
      onRows: nothing,
      onReject: nothing,
    });
    return { rows: good, bytes: 0 };
  });
