import { join } from 'node:path';
import type { Catalog } from '../cloudformation/catalog';
import type { Measure } from '../cloudwatch/metric-datum';
import type { AwsContext } from '../core/aws-context';
import type { ServiceHandler } from '../core/aws-request';
import { jsonProtocol } from '../core/json-protocol';
import type { GlueCatalog } from '../glue/glue-catalog';
import { QUERIES_AT_ONCE } from './concurrency';
import { metadataOperations } from './metadata-operations';
import { openNamedQueries } from './named-queries';
import { namedQueryOperations } from './named-query-operations';
import { athenaOperations } from './operation';
import { preparedStatementOperations } from './prepared-statement-operations';
import { openPreparedStatements } from './prepared-statements';
import type { QueryEngine } from './query-engine';
import { openQueryHistory } from './query-history';
import { queryOperations } from './query-operations';
import { openQueryRunner } from './query-runner';
import { openResultObjects } from './result-objects';
import { runStatement } from './run-statement';
import { workgroupOperations } from './workgroup-operations';
import { openWorkgroups } from './workgroups';

export interface Athena {
  /** AWS JSON 1.1, `X-Amz-Target: AmazonAthena.<operation>`. */
  handler: ServiceHandler;
  /** Begins to run queries: those that a process before left in the queue, and new ones. */
  start(): void;
  /** Whether no query runs or is queued. */
  idle(): boolean;
  /** Ends what runs, which has then FAILED, and closes the engine. What is queued stays so. */
  stop(): Promise<void>;
}

export interface AthenaOptions {
  /** Called before the first statement, and again only where it rejected. */
  openEngine: () => Promise<QueryEngine>;
  catalog: GlueCatalog;
  declared: Pick<Catalog, 'workgroups' | 'namedQueries' | 'preparedStatements'>;
  /** How many queries run at once. */
  concurrency?: number;
  /** Takes what Athena measures of its queries. */
  measure?: Measure;
}

/**
 * Opens Athena over `<stateDir>/athena`: the history of queries, and what templates declare beside
 * what people added. Results are objects of the local S3, which it reaches by `context.endpoint()`.
 */
export function openAthena(context: AwsContext, options: AthenaOptions): Athena {
  const { clock, stateDir } = context;
  const { catalog, declared, concurrency = QUERIES_AT_ONCE } = options;
  const folder = (name: string): string => join(stateDir, 'athena', name);
  const now = clock.now();
  const workgroups = openWorkgroups(folder('workgroups'), declared.workgroups, now);
  const namedQueries = openNamedQueries(folder('named-queries'), declared.namedQueries ?? []);
  const preparedStatements = openPreparedStatements(
    folder('prepared-statements'),
    declared.preparedStatements ?? [],
    now,
  );
  const history = openQueryHistory(folder('queries'), clock);
  const objects = openResultObjects(context);

  let engine: Promise<QueryEngine> | undefined;
  const openEngine = (): Promise<QueryEngine> =>
    (engine ??= options.openEngine().catch((error: unknown) => {
      // The next query tries again.
      engine = undefined;
      throw error;
    }));

  const runner = openQueryRunner(context, {
    history,
    objects,
    folder: folder('results'),
    concurrency,
    measure: options.measure,
    run: (request, workgroup) =>
      runStatement(request, workgroup, openEngine, preparedStatements, clock),
    cutoffOf: (name) => workgroups.all().find((one) => one.name === name)?.bytesScannedCutoff,
  });

  const operations = {
    ...queryOperations({ clock, history, runner, workgroups, objects }),
    ...workgroupOperations(workgroups, namedQueries, preparedStatements, clock),
    ...namedQueryOperations(namedQueries, workgroups),
    ...preparedStatementOperations(preparedStatements, workgroups, clock),
    ...metadataOperations(catalog, context),
  };
  return {
    handler: jsonProtocol('1.1', athenaOperations(context, operations)),
    start: () => runner.start(),
    idle: () => runner.idle(),
    async stop() {
      await runner.stop();
      objects.close();
      await (await engine)?.close();
    },
  };
}
