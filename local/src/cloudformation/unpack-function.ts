import { unzipSync } from 'fflate';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { temporaryName } from '../core/atomic-file';
import type { PlannedFunction } from './deployment';

/**
 * Unpacks a function's code into `<functionsFolder>/<function>/<hash of the code>/` and returns
 * that folder. Code already there is left as it is; that of earlier deploys goes away. Throws
 * where there is no zip or it would write outside.
 */
export function unpackFunction(
  functionsFolder: string,
  { name, code }: Pick<PlannedFunction, 'name' | 'code'>,
): string {
  const bytes = 'zip' in code ? readZip(name, code.zip) : Buffer.from(code.inline);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  const parent = join(functionsFolder, name);
  const folder = join(parent, hash);
  if (!existsSync(folder)) {
    const temporary = temporaryName(folder);
    const files: Record<string, Uint8Array> =
      'zip' in code ? unzipSync(bytes) : { 'index.js': bytes };
    for (const [path, content] of Object.entries(files)) {
      if (path.endsWith('/')) continue;
      const inside = normalize(path);
      if (inside.startsWith('..') || inside.startsWith('/')) {
        throw new Error(`The package of function ${name} has the path ${path}, which leaves it.`);
      }
      mkdirSync(dirname(join(temporary, inside)), { recursive: true });
      writeFileSync(join(temporary, inside), content);
    }
    renameSync(temporary, folder);
  }
  for (const other of readdirSync(parent)) {
    if (other !== hash) rmSync(join(parent, other), { recursive: true });
  }
  return folder;
}

function readZip(name: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Error(`The package of function ${name} is not at ${path}.`, { cause: error });
  }
}
