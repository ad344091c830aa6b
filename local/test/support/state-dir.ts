import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The variable by which the workers of Jest, and the processes of tests, know the run's folder. */
const RUN_FOLDER = 'SALESLAKE_TEST_FOLDER';

/** An empty folder for a test alone. It goes with the run at the latest, also where the test failed. */
export function freshStateDir(): string {
  return mkdtempSync(join(process.env[RUN_FOLDER] ?? tmpdir(), 'saleslake-test-'));
}

/**
 * Has the folders of this run's tests made in one, which goes as Jest's process ends. A test file
 * could not remove its own by an `afterAll` of this module's: that would come before the test's.
 */
export function openRunFolder(): void {
  const folder = mkdtempSync(join(tmpdir(), 'saleslake-tests-'));
  process.env[RUN_FOLDER] = folder;
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
}
