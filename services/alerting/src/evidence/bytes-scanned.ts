import { count, type FindEvidence } from './evidence';

// https://aws.amazon.com/athena/pricing/
const DOLLARS_A_TERABYTE = 5;

/** Queries that scanned more than is planned for. */
export const findBytesScanned: FindEvidence = ({ metric, reason }) => {
  const workgroup = metric.dimensions['WorkGroup'] ?? '';
  const [scanned, limit] = [reason.value ?? 0, reason.threshold ?? 0].map(gigabytes);
  const dollars = (((reason.value ?? 0) / 1e12) * DOLLARS_A_TERABYTE).toFixed(2);
  const hours = Math.round(metric.periodSeconds / 3600);
  return Promise.resolve({
    headline: `${scanned} scanned`,
    facts: [
      `Queries of the workgroup ${workgroup} scanned ${scanned} within ${count(hours, 'hour')}; planned are ${limit}.`,
      `That costs about ${dollars} USD.`,
    ],
    whereabouts: ['No data is at stake: only money.'],
    show: [`aws athena list-query-executions --work-group ${workgroup}`],
    replay: [],
    afterwards: 'The bytes scanned are within what is planned for.',
    mark: '',
  });
};

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toLocaleString('en-US', { maximumFractionDigits: 1 })} GB`;
}
