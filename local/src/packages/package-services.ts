import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryName } from '../core/atomic-file';
import type { Template } from '../cloudformation/template';
import { readComposeFile, type ComposedService } from './compose-file';
import { contentHash } from './content-hash';
import { runSlsPackage } from './run-sls';

/** A service as `sls package` leaves it. */
export interface PackagedService {
  name: string;
  /** From the project's root: `services/lake`. */
  path: string;
  /** The package: template and zips. */
  folder: string;
  stackName: string;
  template: Template;
}

// sls is bound to one processor each, and a laptop has other things to do.
const AT_ONCE = 2;

/**
 * Packages the services of serverless-compose.yml, each after those it depends on, with the
 * project's own `sls package`. A package whose content was packaged before is taken from
 * `cacheDir`. Throws, naming the service and with the output of sls, where one fails.
 */
export async function packageServices(
  projectRoot: string,
  cacheDir: string,
  stage: string,
  onProgress: (message: string) => void,
): Promise<PackagedService[]> {
  const services = readComposeFile(projectRoot);
  const packaged: PackagedService[] = [];
  const waiting = services.entries();
  const work = async (): Promise<void> => {
    for (const [i, service] of waiting) {
      packaged[i] = await packageService(projectRoot, cacheDir, stage, service, onProgress);
    }
  };
  const results = await Promise.allSettled(Array.from({ length: AT_ONCE }, work));
  const failures = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as Error] : [],
  );
  if (failures.length > 1) {
    throw new AggregateError(failures, failures.map(({ message }) => message).join('\n\n'));
  }
  if (failures[0]) throw failures[0];
  return packaged;
}

async function packageService(
  projectRoot: string,
  cacheDir: string,
  stage: string,
  service: ComposedService,
  onProgress: (message: string) => void,
): Promise<PackagedService> {
  const parent = join(cacheDir, service.name);
  const hash = contentHash(projectRoot, service.path, [stage]);
  const folder = join(parent, hash);
  if (!existsSync(folder)) {
    onProgress(`${service.name}: sls package`);
    const begun = performance.now();
    const temporary = temporaryName(folder);
    mkdirSync(parent, { recursive: true });
    try {
      await runSlsPackage({
        projectRoot,
        servicePath: service.path,
        stage,
        outputFolder: temporary,
        schemaFolder: cacheDir,
      });
      // Not kept unless whole: two that package one service clean up in each other's folders.
      readPackage(temporary, stage);
      takeIntoPlace(temporary, folder);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
    forgetOthers(parent, hash);
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    onProgress(`${service.name}: packaged in ${seconds} s`);
  }
  return { name: service.name, path: service.path, folder, ...readPackage(folder, stage) };
}

function takeIntoPlace(temporary: string, folder: string): void {
  try {
    renameSync(temporary, folder);
  } catch (error) {
    // Another process has packaged the same content meanwhile.
    if (!existsSync(folder)) throw error;
  }
}

function forgetOthers(parent: string, hash: string): void {
  for (const name of readdirSync(parent)) {
    // Temporary folders may be in use by another process.
    if (name !== hash && !name.endsWith('.tmp')) rmSync(join(parent, name), { recursive: true });
  }
}

// How sls names a stack: `getStackName` in osls' lib/plugins/aws/lib/naming.js.
function readPackage(folder: string, stage: string): { stackName: string; template: Template } {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const { service } = read('serverless-state.json') as {
    service: { service: string; provider: { stackName?: string } };
  };
  return {
    stackName: service.provider.stackName ?? `${service.service}-${stage}`,
    template: read('cloudformation-template-update-stack.json') as Template,
  };
}
