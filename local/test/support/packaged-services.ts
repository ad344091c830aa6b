import { findProject } from '../../src/cli/project';
import { LOCAL_STAGE } from '../../src/local-names';
import { packageServices, type PackagedService } from '../../src/packages/package-services';
import { openRunFolder } from './state-dir';

/** The project's own services as `sls package` leaves them, from the cache where they are there. */
export function packagedServices(): Promise<PackagedService[]> {
  const { root, packageCache } = findProject(__dirname);
  return packageServices(root, packageCache, LOCAL_STAGE, () => {});
}

/** Jest's globalSetup: packages once, before tests that need it run side by side. */
export default async function packageBeforeTests(): Promise<void> {
  openRunFolder();
  await packagedServices();
}
