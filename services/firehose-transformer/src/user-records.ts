import { gunzipSync } from 'node:zlib';
import { deaggregate, isAggregated } from './kpl';
import { PayloadError } from './payload-error';

/** As much as a gzip-compressed record may hold: more rows than that fit no response. */
export const INFLATED_BYTES = 8 * 2 ** 20;

/** Whether a record's first bytes say that it is no text but holds texts. */
export function isWrapped(bytes: Uint8Array): boolean {
  return isGzip(bytes) || isAggregated(bytes);
}

/**
 * The texts within a record: those of a KPL-aggregated record one by one, gzip inflated.
 * @throws PayloadError where it is broken, or inflates to more than INFLATED_BYTES.
 */
export function userRecords(bytes: Uint8Array): Uint8Array[] {
  if (!isAggregated(bytes)) return [inflate(bytes, INFLATED_BYTES)];
  let left = INFLATED_BYTES;
  return deaggregate(bytes).map((record) => {
    const inflated = inflate(record, left);
    left -= inflated.length;
    return inflated;
  });
}

/** https://www.rfc-editor.org/rfc/rfc1952#page-6 */
function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function inflate(bytes: Uint8Array, limit: number): Uint8Array {
  if (!isGzip(bytes)) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: Math.max(limit, 1) });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new PayloadError(`expected gzip of at most ${INFLATED_BYTES} bytes inflated`);
    }
    if (code?.startsWith('Z_')) throw new PayloadError(`expected whole gzip (${code})`);
    throw error;
  }
}
