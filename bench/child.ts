import { readdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { peakMemoryBytes } from '@saleslake/local/test/support/peak-memory';
import type { Candidate } from './candidates/candidate';

/** What a process measured of one candidate and one file. */
export interface Measurement {
  /** From before the bundle was loaded to the end of the first conversion. */
  coldMs: number;
  /** Of each further conversion. */
  warmMs: number[];
  warmCpuMs: number[];
  rows: number;
  bytes: number;
  peakMb: number;
}

const [bundle = '', input = '', outputFolder = '', warmUps = '0', runs = '0'] =
  process.argv.slice(2);

/** What takes longer has been warm for long. */
const LONGEST_WARM_UP_MS = 4000;

/** Lest truncating the files of the run before is measured. */
function emptyOutput(): void {
  for (const name of readdirSync(outputFolder)) unlinkSync(join(outputFolder, name));
}

async function measure(): Promise<Measurement> {
  emptyOutput();
  const start = performance.now();
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { open } = require(bundle) as { open: Candidate };
  const convert = await open();
  const { rows, bytes } = await convert(input, outputFolder);
  const coldMs = performance.now() - start;
  const warmBy = performance.now() + LONGEST_WARM_UP_MS;
  for (let i = 0; i < Number(warmUps) && performance.now() < warmBy; i++) {
    emptyOutput();
    await convert(input, outputFolder);
  }
  const warmMs: number[] = [];
  const warmCpuMs: number[] = [];
  for (let i = 0; i < Number(runs); i++) {
    emptyOutput();
    const cpu = process.cpuUsage();
    const before = performance.now();
    await convert(input, outputFolder);
    warmMs.push(performance.now() - before);
    const { user, system } = process.cpuUsage(cpu);
    warmCpuMs.push((user + system) / 1000);
  }
  return { coldMs, warmMs, warmCpuMs, rows, bytes, peakMb: peakMemoryBytes() / 2 ** 20 };
}

void measure().then((measurement) => process.stdout.write(JSON.stringify(measurement)));
