import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Activity } from '../core/aws-context';
import { readFileIfPresent } from '../core/atomic-file';

interface Failure extends Activity {
  /** ISO 8601, UTC. */
  at: string;
}

const fileOf = (stateDir: string): string => join(stateDir, 'failures.ndjson');

/** Keeps a warning or an error of the local AWS for `saleslake status`; anything else is none. */
export function keepFailure(stateDir: string, activity: Activity): void {
  if (activity.level !== 'warn' && activity.level !== 'error') return;
  const failure: Failure = { at: new Date().toISOString(), ...activity };
  mkdirSync(stateDir, { recursive: true });
  appendFileSync(fileOf(stateDir), `${JSON.stringify(failure)}\n`);
}

/** The last `count` failures, oldest first. */
export function lastFailures(stateDir: string, count: number): Failure[] {
  const lines = (readFileIfPresent(fileOf(stateDir)) ?? '').split('\n').slice(0, -1);
  return lines.slice(-count).map((line) => JSON.parse(line) as Failure);
}
