import type { AthenaNamedQuery } from '../cloudformation/catalog';
import { invalidRequest } from './athena-error';
import { openNamedStore } from './named-store';

export interface NamedQueryRecord extends AthenaNamedQuery {
  clientRequestToken?: string;
}

export interface NamedQueries {
  /** By id. */
  all(): NamedQueryRecord[];
  find(id: string): NamedQueryRecord | undefined;
  /** Throws InvalidRequestException for an unknown one. */
  get(id: string): NamedQueryRecord;
  put(query: NamedQueryRecord): void;
  /** Throws InvalidRequestException for an unknown one. */
  delete(id: string): void;
}

/** Opens the named queries of the templates and those that `folder` keeps. */
export function openNamedQueries(
  folder: string,
  declared: readonly AthenaNamedQuery[],
): NamedQueries {
  const queries = openNamedStore<NamedQueryRecord>(folder, declared, ({ id }) => id);
  const get = (id: string): NamedQueryRecord => {
    const query = queries.get(id);
    if (query) return query;
    throw invalidRequest(`NamedQuery ${id} was not found`);
  };
  return {
    all: () => queries.all(),
    find: (id) => queries.get(id),
    get,
    put: (query) => queries.put(query),
    delete(id) {
      get(id);
      queries.delete(id);
    },
  };
}
