import { LOCAL_STAGE } from '../local-names';
import { awsTarget, localTarget, type QueryTarget } from '../query/query-target';
import { withLocalAws } from './local-connection';
import type { Project } from './project';

/**
 * Does something with a stage's Athena: with the local AWS for the stage `local`, which is started
 * for just that time where none runs, and with AWS for any other.
 */
export async function withQueryTarget<T>(
  project: Project,
  stage: string,
  use: (target: QueryTarget) => Promise<T>,
): Promise<T> {
  if (stage !== LOCAL_STAGE) return use(awsTarget(stage));
  return withLocalAws(project, (endpoint) => use(localTarget(endpoint)), { working: false });
}
