import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoredBody } from './conditional-store';

/** An output that is being made, seen by nobody else. */
export interface StagedOutput {
  /** Takes a copy. */
  write(bytes: Uint8Array): void;
  body(): StoredBody;
}

export interface Staging {
  open(): StagedOutput;
  /** Throws all outputs away. */
  clear(): void;
}

/**
 * Keeps outputs in memory up to a budget, together; from then on in files of a folder of
 * their own in the temporary folder (in Lambda `/tmp`, 512 MB unless configured).
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-ephemeral-storage.html
 */
export function createStaging(memoryBytes: number, temporaryFolder = tmpdir()): Staging {
  const outputs: { chunks: Uint8Array[]; size: number; path?: string }[] = [];
  let folder: string | undefined;
  let held = 0;

  function spill(): void {
    folder ??= mkdtempSync(join(temporaryFolder, 'saleslake-transformer-'));
    for (const [i, output] of outputs.entries()) {
      if (output.chunks.length === 0) continue;
      output.path ??= join(folder, String(i));
      // The file is closed at once: there may be more outputs than a process may have open files.
      appendFileSync(output.path, Buffer.concat(output.chunks));
      output.chunks = [];
    }
    held = 0;
  }

  return {
    open() {
      const output: (typeof outputs)[number] = { chunks: [], size: 0 };
      outputs.push(output);
      return {
        write(bytes) {
          output.chunks.push(new Uint8Array(bytes));
          output.size += bytes.length;
          held += bytes.length;
          if (held > memoryBytes) spill();
        },
        body() {
          if (output.path === undefined) {
            const bytes = Buffer.concat(output.chunks);
            // So that it is not in memory twice.
            output.chunks = [bytes];
            return bytes;
          }
          if (output.chunks.length > 0) spill();
          return { path: output.path, size: output.size };
        },
      };
    },
    clear() {
      outputs.length = 0;
      held = 0;
      if (folder) rmSync(folder, { recursive: true, force: true });
      folder = undefined;
    },
  };
}
