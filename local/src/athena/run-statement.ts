import type { Clock } from '../core/clock';
import { parsePreparedSql } from './prepared-sql';
import type { PreparedStatements } from './prepared-statements';
import {
  QueryError,
  type QueryEngine,
  type StatementRequest,
  type StatementResult,
} from './query-engine';

/**
 * Runs a statement by the engine; those about prepared statements are answered here, and EXECUTE
 * becomes the statement that it names. Rejects as `QueryEngine.run` does.
 */
export async function runStatement(
  request: StatementRequest,
  workgroup: string,
  openEngine: () => Promise<QueryEngine>,
  prepared: PreparedStatements,
  clock: Clock,
): Promise<StatementResult> {
  const statement = parsePreparedSql(request.sql);
  if (!statement) return (await openEngine()).run(request);
  const { kind, name } = statement;
  if (kind === 'prepare') {
    prepared.put({ name, workgroup, sql: statement.sql, modifiedAt: clock.now() });
    return done('PREPARE');
  }
  const found = prepared.find(workgroup, name);
  if (!found) {
    const message = `PreparedStatement ${name} was not found in workGroup ${workgroup}`;
    throw new QueryError('NOT_FOUND', `NOT_FOUND: ${message}`);
  }
  if (kind === 'deallocate') {
    prepared.delete(workgroup, name);
    return done('DEALLOCATE');
  }
  const { parameters = request.parameters } = statement;
  return (await openEngine()).run({ ...request, sql: found.sql, parameters });
}

function done(substatementType: string): StatementResult {
  return {
    statementType: 'UTILITY',
    substatementType,
    columns: [],
    rows: noRows(),
    bytesScanned: () => 0,
  };
}

async function* noRows(): AsyncGenerator<never> {}
