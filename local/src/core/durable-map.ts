import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from './atomic-file';

const SUFFIX = '.json';

/**
 * A map that survives the process: one JSON file an entry in a folder of its own. `set` and
 * `delete` have reached the file system when they return. Keys become file names, so they are
 * ids of the emulator's own making, never a user's text. Entries come back in the order of their
 * keys after a restart.
 */
export class DurableMap<T> {
  private readonly values = new Map<string, T>();

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder).sort()) {
      // Anything else is a write that a kill cut short.
      if (!name.endsWith(SUFFIX)) rmSync(join(folder, name), { force: true });
      else {
        const value = JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;
        this.values.set(name.slice(0, -SUFFIX.length), value);
      }
    }
  }

  get size(): number {
    return this.values.size;
  }

  get(key: string): T | undefined {
    return this.values.get(key);
  }

  set(key: string, value: T): void {
    writeFileAtomically(join(this.folder, key + SUFFIX), JSON.stringify(value));
    this.values.set(key, value);
  }

  delete(key: string): void {
    rmSync(join(this.folder, key + SUFFIX), { force: true });
    this.values.delete(key);
  }

  entries(): [string, T][] {
    return [...this.values];
  }
}
