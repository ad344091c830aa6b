import { readFileSync } from 'node:fs';
import { peakMemoryBytes } from '@saleslake/local/test/support/peak-memory';
import type { SQSEvent } from 'aws-lambda';
import { handler } from '../src/handler';

/** Handles the event in the file that is named, in a process of its own; says what that took. */
async function main(): Promise<void> {
  const event = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as SQSEvent;
  const response = await handler(event);
  const peakMegabytes = peakMemoryBytes() / 2 ** 20;
  process.stdout.write(JSON.stringify({ ...response, peakMegabytes }));
}

void main();
