import {
  CreateNamedQueryCommand,
  CreateWorkGroupCommand,
  ListQueryExecutionsCommand,
} from '@aws-sdk/client-athena';
import { rowsIn, scriptedEngine, untilEnded } from '@saleslake/local/test/athena/scripted-engine';
import { until } from '@saleslake/local/test/support/until';
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

/** The queries of the checks, the newest first. */
async function queries(): Promise<string[]> {
  const listed = new ListQueryExecutionsCommand({ WorkGroup: WORKGROUP });
  return (await quality.local.client.send(listed)).QueryExecutionIds ?? [];
}

describe('where Athena takes longer than the function may', () => {
  afterEach(() => jest.restoreAllMocks());

  it('reports in time what it has, and gives up the rest', async () => {
    const over = new AbortController();
    const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(over.signal);
    await quality.name('quality/a-quick', 'SELECT 1');
    const endless = ['b', 'c', 'd', 'e'].map((letter) => `${letter}-endless`);
    for (const name of endless) await quality.name(`quality/${name}`, 'SELECT endless');
    const reporting = quality.handler(dailyRun, invocation(31_000));
    // Four are asked at a time, so the fifth is once the quick one has been answered.
    await until(async () => (await queries()).length === 5);
    over.abort();
    expect(await reporting).toEqual({ checks: 5, failed: 4 });
    expect(timeout).toHaveBeenCalledWith(1_000);
    const error = 'Given up, as the time for all checks was over. The query was: RUNNING.';
    expect((await quality.report()).checks).toMatchObject([
      { name: 'a-quick', violations: 0 },
      ...endless.map((name) => ({ name, error })),
    ]);
  });

  it('stops the query that it gives up', async () => {
    const check = { name: 'endless', question: '', database: DATABASE, sql: 'SELECT endless' };
    const before = await queries();
    const over = new AbortController();
    const counting = countViolations(quality.local.client, WORKGROUP, check, over.signal);
    await until(async () => (await queries()).length > before.length);
    over.abort();
    await expect(counting).rejects.toMatchObject({ code: 'CheckGivenUp' });
    const [newest = ''] = await queries();
    expect((await quality.local.ended(newest)).Status?.State).toBe('CANCELLED');
  });

  it('starts no query any more once the time is over', async () => {
    const check = { name: 'late', question: '', database: DATABASE, sql: 'SELECT 1' };
    const before = await queries();
    const counting = countViolations(quality.local.client, WORKGROUP, check, AbortSignal.abort());
    await expect(counting).rejects.toMatchObject({
      message: 'Given up, as the time for all checks was over. The query was: not started.',
    });
    expect(await queries()).toEqual(before);
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
