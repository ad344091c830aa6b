import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Folders that no package is made of. */
const IGNORED = new Set(['node_modules', '.serverless', '.esbuild', '.git', 'test']);

/** To be raised where the same sources come to be packaged in another way. */
const FORMAT = 1;

/**
 * A hash over all that a service's package is made of: its folder, the files (not folders) beside
 * it, which services share, the whole of `shared/src`, the folders that its package.json names as
 * `packagedFrom`, the lock file with every version, and `parameters` such as the stage. The same content gives the same hash in any checkout.
 */
export function contentHash(
  projectRoot: string,
  servicePath: string,
  parameters: string[],
): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([FORMAT, servicePath, ...parameters]));
  const files = [
    ...filesBelow(join(projectRoot, servicePath)),
    ...filesBeside(projectRoot, servicePath),
    ...filesBelow(join(projectRoot, 'shared/src')),
    ...packagedFrom(join(projectRoot, servicePath)).flatMap(filesBelow),
    ...['package-lock.json', 'tsconfig.json', 'shared/package.json'].map((name) =>
      join(projectRoot, name),
    ),
  ];
  for (const file of files) {
    if (!existsSync(file)) continue;
    const content = readFileSync(file);
    // The length keeps the end of one file apart from the beginning of the next.
    hash.update(`\n${relative(projectRoot, file).replaceAll('\\', '/')} ${content.length}\n`);
    hash.update(content);
  }
  return hash.digest('hex').slice(0, 20);
}

/** Folders outside of the service that its templates are made from. */
function packagedFrom(service: string): string[] {
  const manifest = join(service, 'package.json');
  if (!existsSync(manifest)) return [];
  const read = JSON.parse(readFileSync(manifest, 'utf8')) as { packagedFrom?: string[] };
  return (read.packagedFrom ?? []).map((folder) => join(service, folder));
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return entries(folder).flatMap((path) => {
    if (!statSync(path).isDirectory()) return [path];
    return filesBelow(path);
  });
}

function filesBeside(projectRoot: string, servicePath: string): string[] {
  const parent = dirname(join(projectRoot, servicePath));
  if (parent === projectRoot) return [];
  return entries(parent).filter((path) => statSync(path).isFile());
}

function entries(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !IGNORED.has(name))
    .sort()
    .map((name) => join(folder, name));
}
