import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realClock, type Clock } from '../../src/core/clock';
import type { Activity } from '../../src/core/aws-context';
import { findProject, type Project } from '../../src/cli/project';
import { startLocalAws, type LocalAws } from '../../src/local-aws';
import { LOCAL_STAGE } from '../../src/local-names';
import { packagedServices } from './packaged-services';

/** The project's services on a local AWS of their own, over a fresh state folder. */
export interface ProjectAws {
  project: Project;
  aws: LocalAws;
  activities: Activity[];
  /** Stops it and removes its state. */
  close(): Promise<void>;
}

/** @param scheduleClock what schedules run on; one that stands still where none is given */
export async function startProjectAws(
  scheduleClock: Clock = { now: () => Date.now(), schedule: () => () => {} },
): Promise<ProjectAws> {
  const stateDir = mkdtempSync(join(tmpdir(), 'saleslake-'));
  const project = { ...findProject(__dirname), stateDir };
  const activities: Activity[] = [];
  const aws = await startLocalAws({
    projectRoot: project.root,
    stateDir,
    port: 0,
    clock: realClock,
    scheduleClock,
    stage: LOCAL_STAGE,
    tell: (activity) => activities.push(activity),
    services: await packagedServices(),
  });
  return {
    project,
    aws,
    activities,
    async close() {
      await aws.stop();
      rmSync(stateDir, { recursive: true });
    },
  };
}
