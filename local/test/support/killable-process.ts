import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A process of a test's own, to be killed. */
export interface KillableProcess {
  /** Where it listens. */
  endpoint: string;
  /** By which code or signal it ended. */
  exited: Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  /** Returns when it has ended, which it may have by itself. */
  kill(): Promise<void>;
}

const kills: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(kills.map((kill) => kill())));

/**
 * Starts a script that writes its endpoint to standard output once it listens; it ends with the
 * test file at the latest. Rejects where it ends before it listens.
 */
export async function startProcess(script: string, ...args: string[]): Promise<KillableProcess> {
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // From the start: an end of the past is not told again.
  const exited = once(child, 'exit') as KillableProcess['exited'];
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  kills.push(kill);
  const line = await Promise.race([
    once(child.stdout, 'data').then(([text]) => String(text)),
    exited.then(([code, signal]) => {
      throw new Error(`${script} ended with ${String(signal ?? code)} before it listened.`);
    }),
  ]);
  return { endpoint: line.trim(), exited, kill };
}
