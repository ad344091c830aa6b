import type { MetricDatum } from '../cloudwatch/metric-datum';
import type { QueryExecution } from './query-execution';

/** As CloudWatch spells them. */
const STATES = { SUCCEEDED: 'SUCCEEDED', FAILED: 'FAILED', CANCELLED: 'CANCELED' };

/**
 * What Athena measures of a query that has ended: by workgroup, by that and state, and by both and
 * type where the type is known. Bytes are those of queries that read, whatever became of them.
 * https://docs.aws.amazon.com/athena/latest/ug/query-metrics-viewing.html
 */
export function queryMetrics(execution: QueryExecution): MetricDatum[] {
  const { workgroup: WorkGroup, state, submittedAt, startedAt, endedAt, result } = execution;
  if (endedAt === undefined || state === 'QUEUED' || state === 'RUNNING') return [];
  const QueryState = STATES[state];
  const QueryType = result?.statementType;
  const sets: Record<string, string>[] = [{ WorkGroup }, { QueryState, WorkGroup }];
  if (QueryType) sets.push({ QueryState, QueryType, WorkGroup });
  const begun = startedAt ?? endedAt;
  const measured: [name: string, value: number, unit: string][] = [
    ['TotalExecutionTime', endedAt - submittedAt, 'Milliseconds'],
    ['QueryQueueTime', begun - submittedAt, 'Milliseconds'],
    ['EngineExecutionTime', endedAt - begun, 'Milliseconds'],
  ];
  if (QueryType === undefined || QueryType === 'DML') {
    measured.push(['ProcessedBytes', execution.bytesScanned, 'Bytes']);
  }
  return measured.flatMap(([name, value, unit]) =>
    sets.map((dimensions) => ({
      namespace: 'AWS/Athena',
      name,
      dimensions,
      values: [value],
      unit,
    })),
  );
}
