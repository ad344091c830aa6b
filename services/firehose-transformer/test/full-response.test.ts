import { gzipSync } from 'node:zlib';
import type { FirehoseTransformationEvent } from 'aws-lambda';
import { RESPONSE_BYTES } from '../src/fit-response';
import type { PutBack } from '../src/transform-batch';
import { base64, batch, recordId, rowsOf, sale } from './events';
import { runBatch } from './run-batch';

/** So many valid rows as one compressed record, their ids their own. */
function compressed(label: string, rows: number): string {
  const lines = Array.from({ length: rows }, (_, i) =>
    JSON.stringify(sale({ transaction_id: `${label}-${i}` })),
  );
  return base64(gzipSync(lines.join('\n')));
}

const responseBytes = (records: unknown): number => Buffer.byteLength(JSON.stringify({ records }));

/** A stream that takes what is put back, in its memory. */
function stream(takes: (index: number) => boolean = () => true) {
  const taken: string[] = [];
  const putBack: PutBack = (_event, records) =>
    Promise.resolve(
      records.map(({ data }, index) => {
        if (takes(index)) taken.push(data);
        return takes(index);
      }),
    );
  return { taken, putBack };
}

describe('a batch whose rows do not fit a response', () => {
  const data = Array.from({ length: 5 }, (_, i) => compressed(`r${i}`, 7500));

  it('is answered in full, within the limit, with what has no room put back and dropped', async () => {
    const { taken, putBack } = stream();
    const { records } = await runBatch(batch('transactions', data), putBack);
    expect(records.map(({ result }) => result)).toEqual([
      'Ok',
      'Ok',
      'Dropped',
      'Dropped',
      'Dropped',
    ]);
    expect(records.map((record) => record.recordId)).toEqual(data.map((_, i) => recordId(i)));
    expect(taken).toEqual(data.slice(2));
    expect(responseBytes(records)).toBeLessThanOrEqual(RESPONSE_BYTES);
  });

  it('ends, all rows delivered once, where what was put back comes again', async () => {
    const delivered: unknown[] = [];
    let waiting = data;
    let rounds = 0;
    for (; waiting.length > 0; rounds++) {
      const { taken, putBack } = stream();
      const { records } = await runBatch(batch('transactions', waiting), putBack);
      for (const record of records) delivered.push(...(rowsOf(record) ?? []));
      waiting = taken;
    }
    expect(rounds).toBe(3);
    expect(new Set(delivered.map((row) => JSON.stringify(row))).size).toBe(37_500);
    expect(delivered).toHaveLength(37_500);
  });

  it('fails, for Firehose to keep, what the stream does not take', async () => {
    const { putBack } = stream((index) => index !== 1);
    const { records, errors } = await runBatch(batch('transactions', data), putBack);
    expect(records[3]).toEqual({ recordId: recordId(3), result: 'ProcessingFailed' });
    expect(errors).toEqual([
      expect.objectContaining({
        correlation_id: recordId(3),
        reason: 'the response had no room for it, and it could not be put back',
      }),
    ]);
  });

  it('fails at once a record whose rows are too large by themselves', async () => {
    const huge = compressed('huge', 12_000);
    const { records, errors } = await runBatch(
      batch('transactions', [huge, base64(JSON.stringify(sale()))]),
    );
    expect(records.map(({ result }) => result)).toEqual(['ProcessingFailed', 'Ok']);
    expect(errors[0]!['reason']).toBe('expected rows of at most 3145778 bytes in the response');
  });
});

describe('a batch of 3 MB of small records', () => {
  it('is answered within the limit, losing none', async () => {
    const one = JSON.stringify(
      sale({ customer_id: 'C', product_id: 'P', product_name: 'N', category: 'H' }),
    );
    const small = base64(one);
    const data = Array.from({ length: Math.floor((3 * 2 ** 20) / one.length) }, () => small);
    const { taken, putBack } = stream();
    const event: FirehoseTransformationEvent = batch('transactions', data);
    const { records } = await runBatch(event, putBack);
    const ok = records.filter(({ result }) => result === 'Ok').length;
    expect(ok + taken.length).toBe(data.length);
    expect(responseBytes(records)).toBeLessThanOrEqual(RESPONSE_BYTES);
    // Room is left unused for no more than what short answers were reckoned with: 9 bytes each.
    expect(taken.length).toBeGreaterThan(0);
    const answer = JSON.stringify(records.find(({ result }) => result === 'Ok')).length;
    const reckoned = responseBytes(records) + 9 * taken.length;
    expect(reckoned + answer).toBeGreaterThan(RESPONSE_BYTES);
  });
});
