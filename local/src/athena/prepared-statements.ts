import type { AthenaPreparedStatement } from '../cloudformation/catalog';
import { resourceNotFound } from './athena-error';
import { openNamedStore } from './named-store';

export interface PreparedStatementRecord extends AthenaPreparedStatement {
  /** Milliseconds since the epoch. */
  modifiedAt: number;
}

export interface PreparedStatements {
  /** Those of a workgroup, by name. */
  all(workgroup: string): PreparedStatementRecord[];
  find(workgroup: string, name: string): PreparedStatementRecord | undefined;
  /** Throws ResourceNotFoundException. */
  get(workgroup: string, name: string): PreparedStatementRecord;
  put(statement: PreparedStatementRecord): void;
  /** Throws ResourceNotFoundException. */
  delete(workgroup: string, name: string): void;
}

/** Opens the prepared statements of the templates and those that `folder` keeps. */
export function openPreparedStatements(
  folder: string,
  declared: readonly AthenaPreparedStatement[],
  now: number,
): PreparedStatements {
  const keyOf = (workgroup: string, name: string): string => `${workgroup}/${name}`;
  const statements = openNamedStore<PreparedStatementRecord>(
    folder,
    declared.map((statement) => ({ ...statement, modifiedAt: now })),
    ({ workgroup, name }) => keyOf(workgroup, name),
  );
  const get = (workgroup: string, name: string): PreparedStatementRecord => {
    const statement = statements.get(keyOf(workgroup, name));
    if (statement) return statement;
    throw resourceNotFound(
      `PreparedStatement ${name} was not found in workGroup ${workgroup}.`,
      name,
    );
  };
  return {
    all: (workgroup) => statements.all().filter((statement) => statement.workgroup === workgroup),
    find: (workgroup, name) => statements.get(keyOf(workgroup, name)),
    get,
    put: (statement) => statements.put(statement),
    delete(workgroup, name) {
      get(workgroup, name);
      statements.delete(keyOf(workgroup, name));
    },
  };
}
