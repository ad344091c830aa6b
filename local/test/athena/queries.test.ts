import {
  BatchGetQueryExecutionCommand,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  GetQueryRuntimeStatisticsCommand,
  ListQueryExecutionsCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { QUERIES_AT_ONCE } from '../../src/athena/concurrency';
import { QueryError } from '../../src/athena/query-engine';
import { until } from '../support/until';
import { BUCKET, OUTPUT, startAthena, type LocalAthena } from './local-athena';
import {
  column,
  rowsIn,
  scriptedEngine,
  untilEnded,
  type Script,
  type ScriptedEngine,
} from './scripted-engine';

let local: LocalAthena;
let engine: ScriptedEngine;
/** What `held` waits for, and lets it end. */
let held: Promise<void>;
let release: () => void;

const SCRIPT: Record<string, Script> = {
  two: () => ({
    columns: [column('id', 'bigint'), column('name', 'varchar')],
    rows: rowsIn([['1', 'say "hi"']], [['2', null]]),
  }),
  many: () => ({
    rows: rowsIn(...[0, 1, 2, 3, 4].map((batch) => numbers(batch * 500, 500))),
  }),
  show: () => ({
    statementType: 'UTILITY',
    substatementType: 'SHOW_TABLES',
    columns: [column('tab_name', 'string')],
    rows: rowsIn([['orders'], ['sales']]),
  }),
  create: () => ({ statementType: 'DDL', substatementType: 'CREATE_TABLE', columns: [] }),
  insert: () => ({
    substatementType: 'INSERT',
    updateCount: 3,
    writtenFiles: ['s3://curated/x/1.parquet'],
    columns: [column('rows', 'bigint')],
  }),
  wrong: () => {
    throw new QueryError('COLUMN_NOT_FOUND', "COLUMN_NOT_FOUND: line 1:8: Column 'x'", 2, 1006);
  },
  broken: () => {
    throw new TypeError('undefined is not a function');
  },
  forever: ({ signal }) => untilEnded(signal),
  'forever midway': ({ signal }) => ({ rows: endless(signal) }),
  held: async () => {
    await held;
    return { rows: rowsIn([['1']]) };
  },
};

function numbers(from: number, count: number): string[][] {
  return Array.from({ length: count }, (_, i) => [String(from + i)]);
}

async function* endless(signal: AbortSignal): AsyncGenerator<string[][]> {
  yield [['1']];
  await untilEnded(signal);
}

beforeEach(async () => {
  held = new Promise((resolve) => (release = resolve));
  engine = scriptedEngine((request) => {
    const script = SCRIPT[request.sql];
    if (!script) throw new QueryError('SYNTAX_ERROR', `no script for ${request.sql}`);
    return script(request);
  });
  local = await startAthena(() => engine);
});
afterEach(() => local.close());

const results = (
  QueryExecutionId: string,
  more: { MaxResults?: number; NextToken?: string } = {},
) => local.client.send(new GetQueryResultsCommand({ QueryExecutionId, ...more }));

const stop = (QueryExecutionId: string) =>
  local.client.send(new StopQueryExecutionCommand({ QueryExecutionId }));

const isRunning = (id: string) => async () =>
  (await local.execution(id)).Status?.State === 'RUNNING';

describe('the rows of a query', () => {
  it('come after a header, NULL as no value', async () => {
    const id = await local.submit('two');
    expect(await local.rows(id)).toEqual([
      ['id', 'name'],
      ['1', 'say "hi"'],
      ['2', null],
    ]);
  });

  it('have columns with types', async () => {
    const id = await local.submit('two');
    await local.ended(id);
    const { ResultSet } = await results(id);
    expect(ResultSet?.ResultSetMetadata?.ColumnInfo).toMatchObject([
      { Name: 'id', Label: 'id', Type: 'bigint', Precision: 19, CaseSensitive: false },
      { Name: 'name', Type: 'varchar', CaseSensitive: true },
    ]);
  });

  it('are a CSV object, with its metadata beside it', async () => {
    const id = await local.submit('two');
    await local.ended(id);
    expect(await local.object(`athena/${id}.csv`)).toBe('"id","name"\n"1","say ""hi"""\n"2",\n');
    expect(JSON.parse(await local.object(`athena/${id}.csv.metadata`))).toMatchObject({
      columns: [{ name: 'id' }, { name: 'name' }],
    });
  });

  it('come a thousand a page, the header on the first', async () => {
    const id = await local.submit('many');
    await local.ended(id);
    const pages: string[][] = [];
    let NextToken: string | undefined;
    do {
      const page = await results(id, { NextToken });
      pages.push(page.ResultSet?.Rows?.map(({ Data }) => Data?.[0]?.VarCharValue ?? '') ?? []);
      ({ NextToken } = page);
    } while (NextToken);
    expect(pages.map(({ length }) => length)).toEqual([1000, 1000, 501]);
    expect(pages.flat()).toEqual(['n', ...numbers(0, 2500).flat()]);
  });

  it('come as few a page as asked for', async () => {
    const id = await local.submit('two');
    await local.ended(id);
    const first = await results(id, { MaxResults: 2 });
    const second = await results(id, { MaxResults: 2, NextToken: first.NextToken });
    expect(second.ResultSet?.Rows).toEqual([{ Data: [{ VarCharValue: '2' }, {}] }]);
    expect(second.NextToken).toBeUndefined();
  });

  it('are a thousand a page at most', async () => {
    const id = await local.submit('two');
    await local.ended(id);
    await expect(results(id, { MaxResults: 1001 })).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: 'MaxResults must be a whole number from 1 to 1000; it is 1001.',
    });
  });

  it('go on by a token of their own query alone', async () => {
    const [one, other] = [await local.submit('two'), await local.submit('two')];
    await Promise.all([local.ended(one), local.ended(other)]);
    const { NextToken } = await results(one, { MaxResults: 1 });
    await expect(results(other, { NextToken })).rejects.toThrow('is of no page of query');
  });

  it('are gone with their object', async () => {
    const id = await local.submit('two');
    await local.ended(id);
    const Key = `athena/${id}.csv`;
    await local.s3Client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key }));
    await expect(results(id)).rejects.toThrow(`not at ${OUTPUT}${id}.csv any more`);
  });
});

describe('another statement', () => {
  it('has its lines as text, without a header', async () => {
    const id = await local.submit('show');
    expect(await local.rows(id)).toEqual([['orders'], ['sales']]);
    expect(await local.object(`athena/${id}.txt`)).toBe('orders\nsales\n');
  });

  it('may have nothing to say', async () => {
    expect(await local.rows(await local.submit('create'))).toEqual([]);
  });

  it('that writes has a count, and a list of the files', async () => {
    const id = await local.submit('insert');
    const { Statistics } = await local.ended(id);
    expect(await results(id)).toMatchObject({ UpdateCount: 3, ResultSet: { Rows: [] } });
    expect(Statistics?.DataManifestLocation).toBe(`${OUTPUT}${id}-manifest.csv`);
    expect(await local.object(`athena/${id}-manifest.csv`)).toBe('s3://curated/x/1.parquet\n');
  });
});

describe('a query', () => {
  it('is given to the engine as it was asked', async () => {
    const id = await local.submit({
      QueryString: 'two',
      ExecutionParameters: ["'a'", '1'],
      QueryExecutionContext: { Database: 'Lake', Catalog: 'AwsDataCatalog' },
    });
    await local.ended(id);
    expect(engine.requests).toMatchObject([
      { sql: 'two', parameters: ["'a'", '1'], database: 'lake', outputLocation: OUTPUT },
    ]);
  });

  it('tells of itself when it has succeeded', async () => {
    const id = await local.submit('two');
    expect(await local.ended(id)).toMatchObject({
      QueryExecutionId: id,
      Query: 'two',
      StatementType: 'DML',
      SubstatementType: 'SELECT',
      ResultConfiguration: { OutputLocation: `${OUTPUT}${id}.csv` },
      Status: {
        State: 'SUCCEEDED',
        SubmissionDateTime: expect.any(Date) as Date,
        CompletionDateTime: expect.any(Date) as Date,
      },
      Statistics: {
        DataScannedInBytes: 0,
        EngineExecutionTimeInMillis: expect.any(Number) as number,
        TotalExecutionTimeInMillis: expect.any(Number) as number,
      },
      WorkGroup: 'primary',
      EngineVersion: { EffectiveEngineVersion: 'Athena engine version 3' },
    });
  });

  it('has statistics', async () => {
    const id = await local.submit('two');
    await local.ended(id);
    const { QueryRuntimeStatistics } = await local.client.send(
      new GetQueryRuntimeStatisticsCommand({ QueryExecutionId: id }),
    );
    expect(QueryRuntimeStatistics?.Rows?.OutputRows).toBe(2);
  });

  it('that is wrong has FAILED, as the engine says', async () => {
    const { Status } = await local.ended(await local.submit('wrong'));
    expect(Status).toMatchObject({
      State: 'FAILED',
      StateChangeReason: "COLUMN_NOT_FOUND: line 1:8: Column 'x'",
      AthenaError: {
        ErrorCategory: 2,
        ErrorType: 1006,
        ErrorMessage: "COLUMN_NOT_FOUND: line 1:8: Column 'x'",
      },
    });
  });

  it('that the engine fails at is an error of the system', async () => {
    const { Status } = await local.ended(await local.submit('broken'));
    expect(Status).toMatchObject({
      State: 'FAILED',
      StateChangeReason: 'GENERIC_INTERNAL_ERROR: undefined is not a function',
      AthenaError: { ErrorCategory: 1 },
    });
  });

  it('has no results before its end', async () => {
    const id = await local.submit('forever');
    await until(isRunning(id));
    await expect(results(id)).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: 'Query has not yet finished. Current state: RUNNING',
      AthenaErrorCode: 'INVALID_INPUT',
    });
    await stop(id);
  });

  it('has no results where it failed', async () => {
    const id = await local.submit('wrong');
    await local.ended(id);
    await expect(results(id)).rejects.toThrow(
      'Query did not finish successfully. Final query state: FAILED',
    );
  });

  it('is started once for a token, however often it is asked for', async () => {
    const ClientRequestToken = 'a-token-of-at-least-thirty-two-characters';
    const ask = (QueryString: string) => local.submit({ QueryString, ClientRequestToken });
    const ids = await Promise.all([ask('two'), ask('two')]);
    expect(new Set(ids).size).toBe(1);
    await expect(ask('many')).rejects.toThrow('Idempotent parameters do not match');
  });

  it.each([
    [
      'a bucket that is not there',
      { ResultConfiguration: { OutputLocation: 's3://none/' } },
      'Unable to verify/create output bucket none',
    ],
    [
      'an output location that is none',
      { ResultConfiguration: { OutputLocation: '/tmp' } },
      'outputLocation /tmp is not a valid S3 path.',
    ],
    ['no output location', { ResultConfiguration: {} }, 'No output location provided.'],
    ['an unknown workgroup', { WorkGroup: 'none' }, 'WorkGroup none is not found.'],
    [
      'an unknown catalog',
      { QueryExecutionContext: { Catalog: 'none' } },
      'Catalog none is not found',
    ],
    ['no text', { QueryString: '' }, 'The request must contain QueryString.'],
    ['too long a text', { QueryString: 'x'.repeat(262_145) }, 'it may have 262144 at most'],
  ])('is refused with %s', async (_, changed, message) => {
    await expect(local.submit({ QueryString: 'two', ...changed })).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: expect.stringContaining(message) as string,
    });
  });

  it('that nobody started is not found', async () => {
    const ask = new GetQueryExecutionCommand({ QueryExecutionId: 'none' });
    await expect(local.client.send(ask)).rejects.toThrow('QueryExecution none was not found');
  });
});

it('an engine that does not open fails the query, and is opened again for the next', async () => {
  let isBroken = true;
  const other = await startAthena(() =>
    isBroken ? Promise.reject(new Error('no memory')) : scriptedEngine(() => ({})),
  );
  const failed = await other.ended(await other.submit('two'));
  expect(failed.Status?.StateChangeReason).toBe('GENERIC_INTERNAL_ERROR: no memory');
  isBroken = false;
  const next = await other.ended(await other.submit('two'));
  expect(next.Status?.State).toBe('SUCCEEDED');
  await other.close();
});

describe('stopping a query', () => {
  it('ends it where it runs', async () => {
    const id = await local.submit('forever');
    await until(isRunning(id));
    await stop(id);
    const { Status } = await local.ended(id);
    expect(Status).toMatchObject({
      State: 'CANCELLED',
      StateChangeReason: 'Query cancelled by user',
    });
    expect(engine.running).toBe(0);
  });

  it('ends it midway in its rows, of which nothing is kept', async () => {
    const id = await local.submit('forever midway');
    await until(isRunning(id));
    await stop(id);
    expect((await local.ended(id)).Status?.State).toBe('CANCELLED');
    await expect(local.object(`athena/${id}.csv`)).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('changes nothing at one that has ended', async () => {
    const id = await local.submit('two');
    await local.ended(id);
    await stop(id);
    expect((await local.execution(id)).Status?.State).toBe('SUCCEEDED');
  });
});

describe('many queries', () => {
  it('run so many at once, and no more', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => local.submit('held')));
    release();
    const ended = await Promise.all(ids.map((id) => local.ended(id)));
    expect(ended.map(({ Status }) => Status?.State)).toEqual(Array(20).fill('SUCCEEDED'));
    expect(engine.mostRunning).toBe(QUERIES_AT_ONCE);
  });

  it('wait in the order of their starts, and may be stopped there', async () => {
    const running = await Promise.all(
      Array.from({ length: QUERIES_AT_ONCE }, () => local.submit('forever')),
    );
    const gone = await local.submit('two');
    const waiting = await local.submit('two');
    expect((await local.execution(waiting)).Status?.State).toBe('QUEUED');
    await stop(gone);
    expect((await local.execution(gone)).Status?.State).toBe('CANCELLED');
    await stop(running[0] ?? '');
    expect((await local.ended(waiting)).Status?.State).toBe('SUCCEEDED');
    await Promise.all(running.map(stop));
    expect(engine.requests.map(({ sql }) => sql)).toEqual([
      ...Array<string>(QUERIES_AT_ONCE).fill('forever'),
      'two',
    ]);
  });

  it('are listed, the newest first, page by page', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) ids.push(await local.submit('two'));
    const list = (NextToken?: string) =>
      local.client.send(new ListQueryExecutionsCommand({ MaxResults: 2, NextToken }));
    const first = await list();
    const second = await list(first.NextToken);
    expect([first, second].map((page) => page.QueryExecutionIds)).toEqual([
      [ids[2], ids[1]],
      [ids[0]],
    ]);
    expect(second.NextToken).toBeUndefined();
  });

  it('are told of together', async () => {
    const id = await local.submit('two');
    const answer = await local.client.send(
      new BatchGetQueryExecutionCommand({ QueryExecutionIds: [id, 'none'] }),
    );
    expect(answer.QueryExecutions).toMatchObject([{ QueryExecutionId: id }]);
    expect(answer.UnprocessedQueryExecutionIds).toMatchObject([{ QueryExecutionId: 'none' }]);
  });
});

describe('a role', () => {
  const WORKGROUP = 'workgroup/primary';
  const start = () =>
    local.limitedClient.send(
      new StartQueryExecutionCommand({
        QueryString: 'two',
        ResultConfiguration: { OutputLocation: OUTPUT },
      }),
    );

  it('needs leave on the workgroup to start a query', async () => {
    await expect(start()).rejects.toThrow('athena:StartQueryExecution');
    local.allowed.push(`athena:StartQueryExecution ${WORKGROUP}`);
    await expect(start()).resolves.toBeDefined();
  });

  it('needs leave to write the results', async () => {
    local.allowed.push(`athena:StartQueryExecution ${WORKGROUP}`);
    const { QueryExecutionId = '' } = await start();
    expect((await local.ended(QueryExecutionId)).Status).toMatchObject({
      State: 'FAILED',
      StateChangeReason: expect.stringContaining('s3:PutObject') as string,
    });
  });

  it('needs leave to read the results', async () => {
    local.allowed.push(`athena:GetQueryResults ${WORKGROUP}`);
    const id = await local.submit('two');
    await local.ended(id);
    const read = new GetQueryResultsCommand({ QueryExecutionId: id });
    await expect(local.limitedClient.send(read)).rejects.toThrow('s3:GetObject');
    local.allowed.push(`s3:GetObject ${BUCKET}/athena/${id}.csv`);
    await expect(local.limitedClient.send(read)).resolves.toBeDefined();
  });
});
