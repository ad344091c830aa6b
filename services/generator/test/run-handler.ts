import { peakMemoryBytes } from '@saleslake/local/test/support/peak-memory';
import type { Context } from 'aws-lambda';
import { handler } from '../src/handler';

/**
 * Run as a process of its own: calls the handler with each event of argv in turn, and prints as
 * its last line, as JSON, the bytes written by each and the peak memory of the process after it.
 */
async function main(): Promise<void> {
  const context = { getRemainingTimeInMillis: () => 600_000 } as Context;
  const results: { bytes: number; peakBytes: number }[] = [];
  for (const event of process.argv.slice(2)) {
    const { objects } = await handler(JSON.parse(event), context);
    const bytes = objects.reduce((sum, object) => sum + object.bytes, 0);
    results.push({ bytes, peakBytes: peakMemoryBytes() });
  }
  console.log(JSON.stringify(results));
}

void main();
