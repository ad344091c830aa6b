import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProject } from '../../src/cli/project';

export interface Ended {
  code: number | null;
  /** Standard output. */
  answer: string;
  /** Standard error. */
  remarks: string;
}

/** A shell in a folder of the project's own, in which `npx saleslake` is the checkout's. */
export interface Terminal {
  /** Its working folder. */
  folder: string;
  /** Types a line, and waits for its end. */
  run(line: string): Promise<Ended>;
  /** Types a line that runs until it is stopped by Ctrl-C; `said` is what it has written so far. */
  begin(line: string): { said(): string; interrupt(): Promise<Ended> };
  close(): void;
}

/** @param environment beside that of this process */
export function openTerminal(environment: Record<string, string>): Terminal {
  const { root } = findProject(__dirname);
  const cache = join(root, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  // Commands find the project upwards of where they are typed.
  const folder = mkdtempSync(join(cache, 'saleslake-runbook-'));
  symlinkSync(join(root, 'sql'), join(folder, 'sql'));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  // npx itself takes most of a second to find what is installed.
  const saleslake = join(root, 'local', 'bin', 'saleslake.cjs');
  writeFileSync(
    join(bin, 'npx'),
    `#!/bin/sh\n[ "$1" = saleslake ] || exit 127\nshift\nexec '${process.execPath}' '${saleslake}' "$@"\n`,
    { mode: 0o755 },
  );

  function start(line: string) {
    // Ctrl-C reaches the shell too, which then waits for the command, as one at a keyboard does.
    const child = spawn('/bin/sh', ['-c', `trap : INT; ${line}`], {
      cwd: folder,
      env: {
        ...process.env,
        PATH: `${bin}:${process.env['PATH']}`,
        CI: 'true',
        SALESLAKE_STATE: join(folder, '.saleslake'),
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, as a terminal's Ctrl-C reaches the shell and what it runs.
      detached: true,
    });
    const ended: Ended = { code: null, answer: '', remarks: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (ended.answer += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (ended.remarks += text));
    const end = new Promise<Ended>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ ...ended, code }));
    });
    return { child, ended, end };
  }

  return {
    folder,
    run: (line) => start(line).end,
    begin(line) {
      const { child, ended, end } = start(line);
      return {
        said: () => ended.answer + ended.remarks,
        interrupt() {
          if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
          return end;
        },
      };
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
