import { queryCostUsd } from '../../src/query/query-cost';

const MB = 1024 ** 2;

it.each([
  ['nothing for DDL', 0, 0],
  ['ten megabytes at least', 1, 10 * MB],
  ['by the megabyte begun', 20 * MB + 1, 21 * MB],
  ['five dollars a terabyte', 1024 ** 4, 1024 ** 4],
])('Athena bills %s', (_, bytesScanned, billed) => {
  expect(queryCostUsd(bytesScanned)).toBeCloseTo((billed / 1024 ** 4) * 5, 12);
});
