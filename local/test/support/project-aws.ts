import { rmSync } from 'node:fs';
import { realClock, type Clock } from '../../src/core/clock';
import { findProject, type Project } from '../../src/cli/project';
import type { Activity } from '../../src/core/aws-context';
import { startLocalAws, type LocalAws } from '../../src/local-aws';
import { freshStateDir } from './state-dir';
import { packagedServices } from './packaged-services';

/** The project's services on a local AWS of their own, over a fresh state folder. */
export interface ProjectAws {
  project: Project;
  aws: LocalAws;
  /** Stops it and removes its state. */
  close(): Promise<void>;
}

/**
 * @param options.clock the wall clock where none is given
 * @param options.scheduleClock what schedules run on; one that stands still where none is given
 * @param options.working false where nothing is to happen by itself
 */
export async function startProjectAws({
  clock = realClock,
  scheduleClock = { now: () => Date.now(), schedule: () => () => {} },
  working = true,
  tell = () => {},
}: {
  clock?: Clock;
  scheduleClock?: Clock;
  working?: boolean;
  tell?: (activity: Activity) => void;
} = {}): Promise<ProjectAws> {
  const stateDir = freshStateDir();
  const project = { ...findProject(__dirname), stateDir };
  const aws = await startLocalAws({
    stateDir,
    port: 0,
    clock,
    scheduleClock,
    working,
    tell,
    services: await packagedServices(),
  });
  return {
    project,
    aws,
    async close() {
      await aws.stop();
      rmSync(stateDir, { recursive: true });
    },
  };
}
