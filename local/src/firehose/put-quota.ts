import type { Clock } from '../core/clock';

/** What a delivery stream takes in a second. */
export interface PutRate {
  records: number;
  requests: number;
  bytes: number;
}

const LARGE_REGIONS = ['us-east-1', 'us-west-2', 'eu-west-1'];
const MEBIBYTE = 1024 * 1024;

/** https://docs.aws.amazon.com/firehose/latest/dev/limits.html */
export function putRate(region: string): PutRate {
  return LARGE_REGIONS.includes(region)
    ? { records: 500_000, requests: 2000, bytes: 5 * MEBIBYTE }
    : { records: 100_000, requests: 1000, bytes: MEBIBYTE };
}

/** Says whether the stream takes what is put, and counts what it takes. */
export interface PutQuota {
  takesRequest(): boolean;
  takesRecord(bytes: number): boolean;
}

/** A second's worth may come at once; it fills up again as time goes. */
export function openPutQuota(rate: PutRate, clock: Clock): PutQuota {
  const left = { ...rate };
  let at = clock.now();
  function refill(): void {
    const seconds = Math.max(0, clock.now() - at) / 1000;
    at = clock.now();
    for (const kind of ['records', 'requests', 'bytes'] as const) {
      left[kind] = Math.min(rate[kind], left[kind] + seconds * rate[kind]);
    }
  }
  return {
    takesRequest() {
      refill();
      if (left.requests < 1) return false;
      left.requests -= 1;
      return true;
    },
    takesRecord(bytes) {
      if (left.records < 1 || left.bytes < bytes) return false;
      left.records -= 1;
      left.bytes -= bytes;
      return true;
    },
  };
}
