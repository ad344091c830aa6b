import { LOCAL_STAGE } from '../local-names';
import { awsStage, localStage, type Stage } from '../stage';
import { withLocalAws } from './local-connection';
import type { Project } from './project';

/**
 * Does something with a stage: with the local AWS for the stage `local`, which is started for just
 * that time where none runs, and with AWS for any other.
 * @param options.working false where it only looks: a local AWS that is started for it then does
 * nothing by itself
 * @throws SaleslakeError where there is no such stage, or nobody is let in.
 */
export async function withStage<T>(
  project: Project,
  stage: string,
  use: (stage: Stage) => Promise<T>,
  options: { working: boolean },
): Promise<T> {
  if (stage !== LOCAL_STAGE) return use(await awsStage(stage));
  return withLocalAws(project, (endpoint) => use(localStage(endpoint)), options);
}
