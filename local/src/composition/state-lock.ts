import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { readFileIfPresent } from '../core/atomic-file';

const heldHere = new Set<string>();

/**
 * Keeps a state folder to this process; the returned function lets it go. The lock of a process
 * that is no more is taken over. Throws where a local AWS has the folder, naming its process.
 */
export function lockState(stateDir: string): () => void {
  mkdirSync(stateDir, { recursive: true });
  const path = join(stateDir, 'lock');
  if (!tryCreate(path)) {
    const holder = Number(readFileIfPresent(path));
    if (isRunning(holder, path)) {
      throw new SaleslakeError(
        'StateInUse',
        `${stateDir} is in use by another local AWS, process ${holder}. Stop that first. ` +
          `If process ${holder} is something else, delete ${path}.`,
      );
    }
    rmSync(path, { force: true });
    if (!tryCreate(path)) {
      throw new SaleslakeError(
        'StateInUse',
        `${stateDir} was taken by another local AWS just now.`,
      );
    }
  }
  heldHere.add(path);
  return () => {
    heldHere.delete(path);
    rmSync(path, { force: true });
  };
}

/** Empties a state folder. Throws where a local AWS has it. */
export function removeState(stateDir: string): void {
  const unlock = lockState(stateDir);
  rmSync(stateDir, { recursive: true, force: true });
  unlock();
}

function tryCreate(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

// In a container each run may get the id that the last one had.
function isRunning(pid: number, path: string): boolean {
  if (pid === process.pid) return heldHere.has(path);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
