// https://aws.amazon.com/athena/pricing/: the price in us-east-1; other regions differ a little.
const USD_PER_TB = 5;
const BYTES_PER_TB = 1024 ** 4;
// Athena rounds up to the megabyte, and counts ten at least.
const BYTES_PER_MB = 1024 ** 2;
const LEAST_MB = 10;

/** What Athena bills for a query that read so many bytes, in US dollars. DDL reads and costs nothing. */
export function queryCostUsd(bytesScanned: number): number {
  if (bytesScanned === 0) return 0;
  const megabytes = Math.max(LEAST_MB, Math.ceil(bytesScanned / BYTES_PER_MB));
  return (megabytes * BYTES_PER_MB * USD_PER_TB) / BYTES_PER_TB;
}
