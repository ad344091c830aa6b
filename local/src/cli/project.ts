import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';

/** Where things are in a checkout. */
export interface Project {
  root: string;
  /**
   * The local AWS's state, which `npm run demo` empties: `.saleslake` in the project, or the folder
   * that the environment variable SALESLAKE_STATE names.
   */
  stateDir: string;
  /** What `sls package` made, by content. */
  packageCache: string;
}

/**
 * The project around a folder: the nearest one upwards whose package.json is saleslake's.
 * @throws SaleslakeError where there is none.
 */
export function findProject(from: string = process.cwd()): Project {
  for (let folder = from; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) {
      const { name } = JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string };
      if (name === 'saleslake') {
        return {
          root: folder,
          stateDir: process.env['SALESLAKE_STATE'] ?? join(folder, '.saleslake'),
          packageCache: join(folder, 'node_modules', '.cache', 'saleslake', 'packages'),
        };
      }
    }
    if (dirname(folder) === folder) {
      throw new SaleslakeError('NoProject', `${from} is not inside a checkout of saleslake.`);
    }
  }
}
