import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findProject } from '../../src/cli/project';
import { packagedServices } from '../support/packaged-services';
import { bundleProcess } from './bundle-process';

/** What all seeds of a run share. */
export interface Setup {
  /** Of the bundled process. */
  script: string;
  /** The file with the packaged services: what people change meanwhile is none of this run's. */
  services: string;
}

/** Packages the services and bundles the process, once; `remove` when all seeds have been run. */
export async function setUp(): Promise<Setup & { remove: () => void }> {
  // Within the project, for the modules that are not bundled.
  const cache = dirname(findProject(__dirname).packageCache);
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'chaos-'));
  const script = join(folder, 'process.cjs');
  const services = join(folder, 'services.json');
  const packaged = await packagedServices();
  const copied = packaged.map((service, i) => {
    const copy = join(folder, `service-${i}`);
    cpSync(service.folder, copy, { recursive: true });
    return { ...service, folder: copy };
  });
  writeFileSync(services, JSON.stringify(copied));
  await bundleProcess(script);
  return { script, services, remove: () => rmSync(folder, { recursive: true }) };
}
