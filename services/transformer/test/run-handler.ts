import { readFileSync } from 'node:fs';
import type { SQSEvent } from 'aws-lambda';
import { handler } from '../src/handler';

/** Handles the event in the file that is named, in a process of its own; says what that took. */
async function main(): Promise<void> {
  const event = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as SQSEvent;
  const response = await handler(event);
  const { maxRSS } = process.resourceUsage();
  process.stdout.write(JSON.stringify({ ...response, peakMegabytes: maxRSS / 1024 }));
}

void main();
