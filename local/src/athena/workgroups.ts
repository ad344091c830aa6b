import type { AthenaWorkgroup } from '../cloudformation/catalog';
import { invalidRequest } from './athena-error';
import { openNamedStore } from './named-store';

export interface WorkgroupRecord extends AthenaWorkgroup {
  /** Milliseconds since the epoch. */
  createdAt: number;
}

export interface Workgroups {
  /** By name. */
  all(): WorkgroupRecord[];
  /** Throws InvalidRequestException for an unknown one. */
  get(name: string): WorkgroupRecord;
  /** Throws InvalidRequestException where there is one of the name. */
  create(workgroup: WorkgroupRecord): void;
  put(workgroup: WorkgroupRecord): void;
  /** Throws InvalidRequestException for an unknown one and for `primary`. */
  delete(name: string): void;
}

/** The workgroup that every account has, and that requests without one mean. */
export const PRIMARY = 'primary';

/** Opens the workgroups of the templates and those that `folder` keeps. */
export function openWorkgroups(
  folder: string,
  declared: readonly AthenaWorkgroup[],
  now: number,
): Workgroups {
  const workgroups = openNamedStore<WorkgroupRecord>(
    folder,
    declared.map((workgroup) => ({ ...workgroup, createdAt: now })),
    ({ name }) => name,
  );
  if (!workgroups.get(PRIMARY)) {
    const enforceConfiguration = false;
    workgroups.put({ name: PRIMARY, state: 'ENABLED', enforceConfiguration, createdAt: now });
  }

  const get = (name: string): WorkgroupRecord => {
    const workgroup = workgroups.get(name);
    if (workgroup) return workgroup;
    throw invalidRequest(`WorkGroup ${name} is not found.`, 'WORKGROUP_NOT_FOUND');
  };

  return {
    all: () => workgroups.all(),
    get,
    create(workgroup) {
      if (workgroups.get(workgroup.name)) {
        throw invalidRequest(`WorkGroup ${workgroup.name} already exists.`);
      }
      workgroups.put(workgroup);
    },
    put: (workgroup) => workgroups.put(workgroup),
    delete(name) {
      get(name);
      if (name === PRIMARY) throw invalidRequest(`The ${PRIMARY} WorkGroup cannot be deleted.`);
      workgroups.delete(name);
    },
  };
}
