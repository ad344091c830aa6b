import { fastClock } from '../core/clock';
import { latestScheduledTick } from '../eventbridge/eventbridge';
import { readFaultPlan } from '../faults/fault-plan';
import { activityLine } from './activity-line';
import { startProject } from './local-connection';
import type { Project } from './project';
import { remark } from './terminal';

export interface StartOptions {
  port: number;
  speed: number;
  verbose: boolean;
  faults?: string;
}

/**
 * `saleslake start`: the local AWS until it is stopped, a line for each thing that happens.
 * @param speed how many times as fast as the wall clock EventBridge schedules run
 * @param faults the file of a plan, or the log, of what is to go wrong
 */
export async function start(
  project: Project,
  { port, speed, verbose, faults }: StartOptions,
): Promise<void> {
  const { stateDir } = project;
  const aws = await startProject(project, {
    port,
    ...(faults !== undefined && { faults: readFaultPlan(faults) }),
    // Schedules that ran fast before are ahead of the wall clock, and go on from where they were.
    scheduleClock: fastClock(Math.max(Date.now(), latestScheduledTick(stateDir) ?? 0), speed),
    tell(activity) {
      if (verbose || activity.level !== 'debug') remark(activityLine(activity, new Date()));
    },
  });
  remark(`
For the SDK, the AWS CLI and sls:
  export AWS_ENDPOINT_URL=${aws.endpoint} AWS_REGION=us-east-1
  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local
Stop with Ctrl-C.
`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  remark('Stopping: functions that run may end.');
  await aws.stop();
}
