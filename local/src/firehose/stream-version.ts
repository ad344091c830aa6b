import { createHash } from 'node:crypto';
import { readFileIfPresent, writeFileAtomically } from '../core/atomic-file';
import type { DeliveryStreamConfig } from './delivery-stream-config';

export interface StreamVersion {
  /** Begins with 1 and grows by one with each change of the configuration. */
  version: number;
  /** Milliseconds since the epoch. */
  createdAt: number;
  updatedAt: number;
}

/** https://docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html */
export function openStreamVersion(
  path: string,
  config: DeliveryStreamConfig,
  now: number,
): StreamVersion {
  const fingerprint = createHash('sha256').update(JSON.stringify(config)).digest('hex');
  const text = readFileIfPresent(path);
  const stored =
    text === undefined ? undefined : (JSON.parse(text) as StreamVersion & { fingerprint: string });
  if (stored?.fingerprint === fingerprint) return stored;
  const next: StreamVersion = {
    version: (stored?.version ?? 0) + 1,
    createdAt: stored?.createdAt ?? now,
    updatedAt: now,
  };
  writeFileAtomically(path, JSON.stringify({ ...next, fingerprint }));
  return next;
}
