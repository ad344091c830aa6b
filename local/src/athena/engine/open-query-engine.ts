import { QueryError, type QueryEngine, type StatementResult } from '../query-engine';
import { QUERIES_AT_ONCE } from '../concurrency';
import { bytesScanned } from './bytes-scanned';
import { ddlResult, runCatalogStatement } from './catalog-statements';
import { openConnections } from './connections';
import { createView } from './create-view';
import { athenaError } from './duckdb-error';
import { openFolderListing } from './folder-listing';
import { openFooterCache, type FooterCache } from './footer-cache';
import { explain, planQuery, type PlannedQuery, type TranslatedText } from './plan-query';
import { narrowedSql, readPlaces } from './read-places';
import { columnsOf, renderRows } from './read-rows';
import { openRecent, type Recent } from './recent';
import { parseLocation } from './s3-location';
import type { EngineOptions, ReadyQuery, Running } from './running-statement';
import { readTokens, type TokenReader } from './token-reader';
import { createTableAs, insertInto, unload } from './write-statements';

const INTERRUPT_MILLIS = 20;
const MOST_RECENT = 200;

/**
 * Runs Athena SQL over the lake's files with DuckDB, in this process, from the first query on.
 */
export function openQueryEngine(options: EngineOptions): QueryEngine {
  const { concurrency = QUERIES_AT_ONCE } = options;
  const connections = openConnections(options.temporaryFolder, concurrency);
  const folders = openFolderListing();
  const footers = openFooterCache();
  const translated = openRecent<TranslatedText>(MOST_RECENT);
  const planned = openRecent<ReadyQuery>(MOST_RECENT);
  const closing = new AbortController();

  return {
    async run(request) {
      const reader = readTokens(request.sql);
      const { catalog, bucketFolder } = options;
      const context = { catalog, bucketFolder, database: request.database.toLowerCase() };
      const result = runCatalogStatement(reader, context);
      if (result) return result;

      const signal = AbortSignal.any([request.signal, closing.signal]);
      const { connection, release } = await connections.take(readableFolders(options), signal);
      const interrupt = (): void => connection.interrupt();
      // A query is several statements to DuckDB, and an interrupt between two of them is lost.
      let again: NodeJS.Timeout | undefined;
      const stop = (): void => {
        interrupt();
        again ??= setInterval(interrupt, INTERRUPT_MILLIS);
      };
      signal.addEventListener('abort', stop);
      if (signal.aborted) stop();
      const end = (): void => {
        signal.removeEventListener('abort', stop);
        clearInterval(again);
        release();
      };
      const running: Running = {
        connection,
        options,
        request,
        plan: (sql) =>
          planQuery(connection, sql, {
            ...context,
            folders,
            footers,
            translated,
            now: options.now,
            parameters: request.parameters,
          }),
        ready: (query) => ready(running, query, footers, planned),
      };
      try {
        const done = await runStatement(running, readTokens(request.sql), signal, end);
        if (!done.holdsConnection) end();
        return done.result;
      } catch (error) {
        end();
        signal.throwIfAborted();
        throw error;
      }
    },
    async close() {
      closing.abort(new Error('The query engine is closed.'));
      await connections.close();
    },
  };
}

function readableFolders({ catalog, bucketFolder }: EngineOptions): string[] {
  const locations = catalog
    .databases()
    .flatMap(({ name }) => catalog.tables(name))
    .flatMap((table) => [
      table.location ?? '',
      ...catalog.partitions(table.databaseName, table.name).map(({ location }) => location),
    ]);
  const buckets = new Set(
    locations
      .filter((location) => /^s3[an]?:\/\/[^/]/.test(location))
      .map((location) => parseLocation(location).bucket),
  );
  return [...buckets].map(bucketFolder).filter((folder) => folder !== undefined);
}

async function ready(
  { connection, request }: Running,
  query: PlannedQuery,
  footers: FooterCache,
  planned: Recent<ReadyQuery>,
): Promise<ReadyQuery> {
  // Planning is most of what a short query takes, and dashboards ask the same again and again.
  const paths = query.scans.flatMap(({ files }) => files.map(({ path }) => path));
  const found = await planned.of([query.sql, ...paths.map(footers.versionOf)], async () => {
    const plan = await explain(connection, query);
    const places = await readPlaces(connection, plan, query);
    return {
      sql: narrowedSql(query, places),
      bytesScanned: await bytesScanned(connection, places, footers),
    };
  });
  const { bytesScannedCutoff: most } = request;
  if (most !== undefined && found.bytesScanned > most) {
    throw new QueryError('EXCEEDED_SCAN_LIMIT', `Bytes scanned limit was exceeded`, 2, 1004);
  }
  return found;
}

interface Done {
  result: StatementResult;
  /** Whether rows are still to be read. */
  holdsConnection: boolean;
}

async function runStatement(
  running: Running,
  reader: TokenReader,
  signal: AbortSignal,
  end: () => void,
): Promise<Done> {
  const { sql } = running.request;
  if (reader.sees('SELECT') || reader.sees('WITH') || reader.sees('VALUES') || reader.sees('(')) {
    return { result: await select(running, sql, signal, end), holdsConnection: true };
  }
  const over = (result: StatementResult): Done => ({ result, holdsConnection: false });
  if (reader.takes('EXPLAIN')) return over(await explainStatement(running, reader));
  if (reader.takes('CREATE', 'OR', 'REPLACE', 'VIEW'))
    return over(await createView(running, reader, true));
  if (reader.takes('CREATE', 'VIEW')) return over(await createView(running, reader, false));
  if (reader.takes('CREATE', 'TABLE')) return over(await createTableAs(running, reader));
  if (reader.takes('INSERT', 'INTO')) return over(await insertInto(running, reader));
  if (reader.takes('UNLOAD')) return over(await unload(running, reader));
  const unsupported = [
    'PREPARE',
    'EXECUTE',
    'DEALLOCATE',
    'MERGE',
    'UPDATE',
    'DELETE',
    'OPTIMIZE',
    'VACUUM',
    'ANALYZE',
    'CALL',
    'GRANT',
  ];
  const word = unsupported.find((name) => reader.sees(name));
  if (word !== undefined) {
    const hint = ['PREPARE', 'EXECUTE', 'DEALLOCATE'].includes(word)
      ? 'give ExecutionParameters to StartQueryExecution'
      : 'tables here are Hive tables, which only grow';
    throw new QueryError('NOT_SUPPORTED', `NOT_SUPPORTED: line 1:1: ${word}: ${hint}`);
  }
  return reader.fail(
    `'ALTER', 'CREATE', 'DESCRIBE', 'DROP', 'EXPLAIN', 'INSERT', 'MSCK', 'SELECT', 'SHOW', 'UNLOAD', 'VALUES', 'WITH'`,
  );
}

async function select(
  running: Running,
  sql: string,
  signal: AbortSignal,
  end: () => void,
): Promise<StatementResult> {
  const query = await running.plan(sql);
  const { sql: ready, bytesScanned } = await running.ready(query);
  try {
    const result = await running.connection.stream(ready);
    return {
      statementType: 'DML',
      substatementType: 'SELECT',
      columns: columnsOf(result, query),
      rows: ended(renderRows(result), end, (error) =>
        signal.aborted ? (signal.reason as Error) : athenaError(error, query),
      ),
      bytesScanned: () => bytesScanned,
    };
  } catch (error) {
    throw athenaError(error, query);
  }
}

/** Rows that give their connection back at their end, and also where nobody begins to read them. */
function ended<T>(
  rows: AsyncGenerator<T>,
  end: () => void,
  told: (error: unknown) => Error,
): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        try {
          const step = await rows.next();
          if (step.done) end();
          return step;
        } catch (error) {
          end();
          throw told(error);
        }
      },
      async return() {
        await rows.return(undefined);
        end();
        return { done: true, value: undefined };
      },
    }),
  };
}

async function explainStatement(running: Running, reader: TokenReader): Promise<StatementResult> {
  if (reader.takes('ANALYZE')) {
    throw new QueryError(
      'NOT_SUPPORTED',
      'NOT_SUPPORTED: line 1:9: EXPLAIN ANALYZE: use EXPLAIN, or the statistics of the query',
    );
  }
  const settings =
    reader.sees('(') && !/^\s*(SELECT|WITH|VALUES|\()/i.test(peek(reader))
      ? reader.bracketed()
      : '';
  const query = await running.plan(reader.rest());
  await explain(running.connection, query);
  if (/TYPE\s+VALIDATE/i.test(settings)) {
    const result = ddlResult('EXPLAIN', ['result'], [['true']], 'UTILITY');
    return { ...result, columns: [{ name: 'result', type: 'boolean', precision: 0, scale: 0 }] };
  }
  const plan = await running.connection.runAndReadAll(`EXPLAIN ${query.sql}`);
  const lines = String(plan.getRows()[0]?.[1]).split('\n');
  return ddlResult(
    'EXPLAIN',
    ['query plan'],
    lines.map((line) => [line]),
    'UTILITY',
  );
}

/** What stands in the bracket that comes next. */
function peek(reader: TokenReader): string {
  return reader.upcoming().replace(/^\s*\(/, '');
}
