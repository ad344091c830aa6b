import { queryTarget, type QueryTarget } from '../query/query-target';
import type { Project } from './project';
import { withStage } from './with-stage';

/** Does something with a stage's Athena; see withStage. */
export async function withQueryTarget<T>(
  project: Project,
  stage: string,
  use: (target: QueryTarget) => Promise<T>,
): Promise<T> {
  return withStage(project, stage, (found) => use(queryTarget(found)), { working: false });
}
