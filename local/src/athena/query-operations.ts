import { randomUUID } from 'node:crypto';
import type { Clock } from '../core/clock';
import type { Input } from '../glue/input';
import { invalidRequest } from './athena-error';
import { checkCatalog, type AthenaOperation } from './operation';
import type { ResultColumn } from './query-engine';
import {
  describeExecution,
  describeRuntime,
  resultUri,
  type QueryExecution,
} from './query-execution';
import type { QueryHistory } from './query-history';
import type { QueryRunner } from './query-runner';
import { objectArn, splitUri, type ResultObjects } from './result-objects';
import { readResultPage } from './result-page';
import { readOutputLocation } from './workgroup-operations';
import { PRIMARY, type WorkgroupRecord, type Workgroups } from './workgroups';

const MOST_LISTED = 50;
const MOST_ROWS = 1000;
const LONGEST_SQL = 262_144;

export interface QueryServices {
  clock: Clock;
  history: QueryHistory;
  runner: QueryRunner;
  workgroups: Workgroups;
  objects: ResultObjects;
}

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html */
export function queryOperations(services: QueryServices): Record<string, AthenaOperation> {
  const { clock, history, runner, workgroups, objects } = services;

  const find = (id: string): QueryExecution => {
    const execution = history.get(id);
    if (execution) return execution;
    throw invalidRequest(`QueryExecution ${id} was not found`);
  };

  return {
    async StartQueryExecution(input, { allow, accessKeyId }) {
      const workgroup = workgroups.get(input.optionalString('WorkGroup') ?? PRIMARY);
      allow('StartQueryExecution', workgroup.name);
      const asked = {
        sql: readSql(input),
        parameters: input.strings('ExecutionParameters'),
        database: readDatabase(input),
        workgroup: workgroup.name,
        outputLocation: outputLocationOf(input, workgroup),
      };
      if (workgroup.state === 'DISABLED') {
        throw invalidRequest(`WorkGroup ${workgroup.name} is disabled.`, 'WORKGROUP_DISABLED');
      }
      const { Bucket } = splitUri(asked.outputLocation);
      if (!(await objects.bucketExists(asked.outputLocation))) {
        throw invalidRequest(`Unable to verify/create output bucket ${Bucket}`);
      }
      // From here to the history nothing waits: of two with one token the second sees the first.
      const clientRequestToken = input.optionalString('ClientRequestToken');
      const earlier = clientRequestToken && history.byToken(clientRequestToken);
      if (earlier) {
        if (isSame(earlier, asked)) return { QueryExecutionId: earlier.id };
        throw invalidRequest('Idempotent parameters do not match');
      }
      const execution: QueryExecution = {
        ...asked,
        id: randomUUID(),
        sequence: history.nextSequence(),
        accessKeyId,
        clientRequestToken,
        state: 'QUEUED',
        submittedAt: clock.now(),
        bytesScanned: 0,
      };
      history.put(execution);
      runner.submit(execution);
      return { QueryExecutionId: execution.id };
    },

    GetQueryExecution(input, { allow }) {
      const execution = find(input.string('QueryExecutionId'));
      allow('GetQueryExecution', execution.workgroup);
      return { QueryExecution: describeExecution(execution, clock.now()) };
    },

    BatchGetQueryExecution(input, { allow }) {
      const ids = input.strings('QueryExecutionIds');
      const found = ids.flatMap((id) => history.get(id) ?? []);
      for (const { workgroup } of found) allow('BatchGetQueryExecution', workgroup);
      return {
        QueryExecutions: found.map((execution) => describeExecution(execution, clock.now())),
        UnprocessedQueryExecutionIds: ids
          .filter((id) => !history.get(id))
          .map((id) => ({
            QueryExecutionId: id,
            ErrorCode: 'INVALID_INPUT',
            ErrorMessage: `QueryExecution ${id} was not found`,
          })),
      };
    },

    ListQueryExecutions(input, { allow }) {
      const { name } = workgroups.get(input.optionalString('WorkGroup') ?? PRIMARY);
      allow('ListQueryExecutions', name);
      const token = input.optionalString('NextToken');
      const before = token === undefined ? Infinity : Number(token);
      if (Number.isNaN(before)) throw invalidRequest(`NextToken ${token} is of no list.`);
      const newestFirst = history
        .all()
        .reverse()
        .filter(({ workgroup, sequence }) => workgroup === name && sequence < before);
      const most = input.optionalInteger('MaxResults', 1, MOST_LISTED) ?? MOST_LISTED;
      const page = newestFirst.slice(0, most);
      return {
        QueryExecutionIds: page.map(({ id }) => id),
        NextToken: newestFirst.length > most ? String(page.at(-1)?.sequence) : undefined,
      };
    },

    StopQueryExecution(input, { allow }) {
      const execution = find(input.string('QueryExecutionId'));
      allow('StopQueryExecution', execution.workgroup);
      runner.cancel(execution.id);
      return {};
    },

    GetQueryRuntimeStatistics(input, { allow }) {
      const execution = find(input.string('QueryExecutionId'));
      allow('GetQueryRuntimeStatistics', execution.workgroup);
      return { QueryRuntimeStatistics: describeRuntime(execution, clock.now()) };
    },

    async GetQueryResults(input, { allow, allowOn }) {
      const execution = find(input.string('QueryExecutionId'));
      allow('GetQueryResults', execution.workgroup);
      const { result, state } = execution;
      if (state === 'QUEUED' || state === 'RUNNING') {
        throw invalidRequest(`Query has not yet finished. Current state: ${state}`);
      }
      if (!result) {
        throw invalidRequest(`Query did not finish successfully. Final query state: ${state}`);
      }
      // Athena reads the object with the caller's rights.
      const uri = resultUri(execution, result.format);
      allowOn('s3:GetObject', objectArn(uri));
      const from = readToken(input, execution.id);
      const most = input.optionalInteger('MaxResults', 1, MOST_ROWS) ?? MOST_ROWS;
      const page = await readResultPage(execution, result, objects, from, most);
      if (!page) throw invalidRequest(`The results of the query are not at ${uri} any more.`);
      return {
        UpdateCount: result.updateCount ?? 0,
        ResultSet: {
          Rows: page.rows.map((row) => ({
            Data: row.map((value) => (value === null ? {} : { VarCharValue: value })),
          })),
          ResultSetMetadata: { ColumnInfo: result.columns.map(describeColumn) },
        },
        NextToken: page.next === undefined ? undefined : tokenOf(execution.id, page.next),
      };
    },
  };
}

function readSql(input: Input): string {
  const sql = input.string('QueryString');
  if (sql.length <= LONGEST_SQL) return sql;
  throw invalidRequest(
    `QueryString has ${sql.length} characters; it may have ${LONGEST_SQL} at most.`,
  );
}

function readDatabase(input: Input): string {
  const context = input.optionalObject('QueryExecutionContext');
  const catalog = context?.optionalString('Catalog');
  if (catalog !== undefined) checkCatalog(catalog);
  return (context?.optionalString('Database') ?? 'default').toLowerCase();
}

/** https://docs.aws.amazon.com/athena/latest/ug/workgroups-settings-override.html */
function outputLocationOf(input: Input, workgroup: WorkgroupRecord): string {
  const result = input.optionalObject('ResultConfiguration');
  const asked = result && readOutputLocation(result);
  const { enforceConfiguration, outputLocation } = workgroup;
  const location = enforceConfiguration ? (outputLocation ?? asked) : (asked ?? outputLocation);
  if (location !== undefined) return location.replace(/\/?$/, '/');
  throw invalidRequest(
    'No output location provided. An output location is required either through the Workgroup ' +
      'result configuration setting or as an API input.',
  );
}

function isSame(
  a: QueryExecution,
  b: Pick<QueryExecution, 'sql' | 'parameters' | 'database' | 'workgroup' | 'outputLocation'>,
): boolean {
  return (
    a.sql === b.sql &&
    a.database === b.database &&
    a.workgroup === b.workgroup &&
    a.outputLocation === b.outputLocation &&
    JSON.stringify(a.parameters) === JSON.stringify(b.parameters)
  );
}

function tokenOf(id: string, from: number): string {
  return Buffer.from(`${id}/${from}`).toString('base64url');
}

function readToken(input: Input, id: string): number {
  const token = input.optionalString('NextToken');
  if (token === undefined) return 0;
  const [, of, from] = /^(.+)\/(\d+)$/.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  if (of === id) return Number(from);
  throw invalidRequest(`NextToken ${token} is of no page of query ${id}.`);
}

function describeColumn({ name, type, precision, scale }: ResultColumn): object {
  return {
    CatalogName: 'hive',
    SchemaName: '',
    TableName: '',
    Name: name,
    Label: name,
    Type: type,
    Precision: precision,
    Scale: scale,
    Nullable: 'UNKNOWN',
    CaseSensitive: type.startsWith('varchar') || type.startsWith('char'),
  };
}
