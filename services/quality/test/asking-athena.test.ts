import {
  CreateNamedQueryCommand,
  CreateWorkGroupCommand,
  ListQueryExecutionsCommand,
} from '@aws-sdk/client-athena';
import { rowsIn, scriptedEngine, untilEnded } from '@saleslake/local/test/athena/scripted-engine';
import dailyRun from '../events/daily-run.json';
import { countViolations } from '../src/count-violations';
import { namedChecks } from '../src/named-checks';
import { DATABASE, invocation, startQuality, WORKGROUP, type Quality } from './local-quality';

let quality: Quality;

beforeAll(async () => {
  process.env['POWERTOOLS_METRICS_DISABLED'] = 'true';
  const engine = scriptedEngine(({ sql, signal }) =>
    sql.includes('endless') ? untilEnded(signal) : { rows: rowsIn([['0']]) },
  );
  quality = await startQuality(engine);
});

afterAll(() => quality.local.close());

describe('where Athena takes longer than the function may', () => {
  it('reports in time what it has, and gives up the rest', async () => {
    await quality.name('quality/endless', 'SELECT endless');
    await quality.name('quality/quick', 'SELECT 1');
    expect(await quality.handler(dailyRun, invocation(31_000))).toEqual({ checks: 2, failed: 1 });
    expect((await quality.report()).checks).toMatchObject([
      {
        name: 'endless',
        error: 'Given up, as the time for all checks was over. The query was: RUNNING.',
      },
      { name: 'quick', violations: 0 },
    ]);
  });

  it('stops the query that it gives up', async () => {
    const check = { name: 'endless', question: '', database: DATABASE, sql: 'SELECT endless' };
    const signal = AbortSignal.timeout(300);
    const counting = countViolations(quality.local.client, WORKGROUP, check, signal);
    await expect(counting).rejects.toMatchObject({ code: 'CheckGivenUp' });
    const { QueryExecutionIds: [newest = ''] = [] } = await quality.local.client.send(
      new ListQueryExecutionsCommand({ WorkGroup: WORKGROUP }),
    );
    expect((await quality.local.ended(newest)).Status?.State).toBe('CANCELLED');
  });

  it('starts no query any more once the time is over', async () => {
    const check = { name: 'late', question: '', database: DATABASE, sql: 'SELECT 1' };
    const listed = new ListQueryExecutionsCommand({ WorkGroup: WORKGROUP });
    const before = await quality.local.client.send(listed);
    const counting = countViolations(quality.local.client, WORKGROUP, check, AbortSignal.abort());
    await expect(counting).rejects.toMatchObject({
      message: 'Given up, as the time for all checks was over. The query was: not started.',
    });
    const after = await quality.local.client.send(listed);
    expect(after.QueryExecutionIds).toEqual(before.QueryExecutionIds);
  });
});

it('knows more checks than one page of named queries holds', async () => {
  const WorkGroup = 'many';
  await quality.local.client.send(new CreateWorkGroupCommand({ Name: WorkGroup }));
  const names = Array.from({ length: 60 }, (_, n) => `n${10 + n}`);
  for (const name of names) {
    await quality.local.client.send(
      new CreateNamedQueryCommand({
        Name: `quality/${name}`,
        Description: `${name}?`,
        Database: DATABASE,
        QueryString: `SELECT ${name}`,
        WorkGroup,
      }),
    );
  }
  const checks = await namedChecks(quality.local.client, WorkGroup);
  expect(checks).toEqual(
    names.map((name) => ({
      name,
      question: `${name}?`,
      database: DATABASE,
      sql: `SELECT ${name}`,
    })),
  );
});

it('fails as a whole where it may not ask Athena, as no check is to blame', async () => {
  const check = { name: 'any', question: '', database: DATABASE, sql: 'SELECT 1' };
  const signal = new AbortController().signal;
  await expect(
    countViolations(quality.local.limitedClient, WORKGROUP, check, signal),
  ).rejects.toMatchObject({ name: 'AccessDenied' });
});
