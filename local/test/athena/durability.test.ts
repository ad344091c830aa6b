import {
  GetQueryResultsCommand,
  GetWorkGroupCommand,
  ListQueryExecutionsCommand,
  UpdateWorkGroupCommand,
} from '@aws-sdk/client-athena';
import { cpSync } from 'node:fs';
import { openQueryHistory } from '../../src/athena/query-history';
import type { QueryExecution } from '../../src/athena/query-execution';
import { ManualClock } from '../../src/core/clock';
import { freshStateDir } from '../support/state-dir';
import { until } from '../support/until';
import { OUTPUT, startAthena } from './local-athena';
import { rowsIn, scriptedEngine, untilEnded } from './scripted-engine';

const engine = () =>
  scriptedEngine(({ sql, signal }) =>
    sql === 'forever' ? untilEnded(signal) : { rows: rowsIn([['1']]) },
  );

/** The state as a kill leaves it: copied while the process still runs. */
async function killed(started: boolean, sql: string): Promise<{ stateDir: string; id: string }> {
  const before = await startAthena(engine, { started });
  const done = started ? await before.submit('two') : '';
  if (started) await before.ended(done);
  const id = await before.submit(sql);
  if (started) await until(async () => (await before.execution(id)).Status?.State === 'RUNNING');
  const stateDir = freshStateDir();
  cpSync(before.stateDir, stateDir, { recursive: true });
  await before.close();
  return { stateDir, id };
}

describe('after the process was killed', () => {
  it('a query that ran has FAILED', async () => {
    const { stateDir, id } = await killed(true, 'forever');
    const after = await startAthena(engine, { stateDir });
    expect((await after.execution(id)).Status).toMatchObject({
      State: 'FAILED',
      StateChangeReason: 'The local AWS ended while the query ran.',
    });
    await after.close();
  });

  it('a query that was queued runs', async () => {
    const { stateDir, id } = await killed(false, 'two');
    const after = await startAthena(engine, { stateDir });
    expect(await after.rows(id)).toEqual([['n'], ['1']]);
    await after.close();
  });
});

describe('after a restart', () => {
  it('queries that have ended are there with their results, in their order', async () => {
    const stateDir = freshStateDir();
    const before = await startAthena(engine, { stateDir });
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) ids.push(await before.submit('two'));
    await Promise.all(ids.map((id) => before.ended(id)));
    await before.close();

    const after = await startAthena(engine, { stateDir });
    const listed = await after.client.send(new ListQueryExecutionsCommand({}));
    expect(listed.QueryExecutionIds).toEqual([...ids].reverse());
    const { ResultSet } = await after.client.send(
      new GetQueryResultsCommand({ QueryExecutionId: ids[0] }),
    );
    expect(ResultSet?.Rows).toHaveLength(2);
    await after.close();
  });

  it('a query that ran when it was stopped has FAILED', async () => {
    const stateDir = freshStateDir();
    const before = await startAthena(engine, { stateDir });
    const id = await before.submit('forever');
    await until(async () => (await before.execution(id)).Status?.State === 'RUNNING');
    await before.close();
    const after = await startAthena(engine, { stateDir });
    expect((await after.execution(id)).Status?.State).toBe('FAILED');
    await after.close();
  });

  it('a token still means the query that it started', async () => {
    const stateDir = freshStateDir();
    const input = { QueryString: 'two', ClientRequestToken: 't'.repeat(32) };
    const before = await startAthena(engine, { stateDir });
    const id = await before.submit(input);
    await before.ended(id);
    await before.close();
    const after = await startAthena(engine, { stateDir });
    expect(await after.submit(input)).toBe(id);
    await after.close();
  });

  it('a workgroup of a template is as the template has it', async () => {
    const stateDir = freshStateDir();
    const workgroups = [{ name: 'lake', state: 'ENABLED' as const, enforceConfiguration: true }];
    const before = await startAthena(engine, { stateDir, declared: { workgroups } });
    const update = { WorkGroup: 'lake', State: 'DISABLED' as const };
    await before.client.send(new UpdateWorkGroupCommand(update));
    await before.close();
    const after = await startAthena(engine, { stateDir, declared: { workgroups } });
    const { WorkGroup } = await after.client.send(new GetWorkGroupCommand({ WorkGroup: 'lake' }));
    expect(WorkGroup?.State).toBe('ENABLED');
    await after.close();
  });
});

describe('the history', () => {
  const DAY_MS = 24 * 60 * 60 * 1000;
  const execution = (sequence: number, changed: Partial<QueryExecution>): QueryExecution => ({
    id: String(sequence),
    sequence,
    sql: 'SELECT 1',
    parameters: [],
    database: 'default',
    workgroup: 'primary',
    outputLocation: OUTPUT,
    state: 'SUCCEEDED',
    submittedAt: 0,
    bytesScanned: 0,
    ...changed,
  });
  const idsOf = (all: QueryExecution[]) => all.map(({ id }) => id);

  it('forgets what is older than 45 days', () => {
    const clock = new ManualClock(0);
    const history = openQueryHistory(freshStateDir(), clock);
    history.put(execution(1, {}));
    history.put(execution(2, { submittedAt: 40 * DAY_MS }));
    clock.advance(46 * DAY_MS);
    history.put(execution(3, { submittedAt: 46 * DAY_MS }));
    expect(idsOf(history.all())).toEqual(['2', '3']);
  });

  it('keeps so many, and those that have not ended beside', () => {
    const folder = freshStateDir();
    const history = openQueryHistory(folder, new ManualClock(0), 2);
    history.put(execution(1, { state: 'QUEUED' }));
    for (const sequence of [2, 3, 4]) history.put(execution(sequence, {}));
    expect(idsOf(history.all())).toEqual(['1', '4']);
    expect(idsOf(openQueryHistory(folder, new ManualClock(0)).all())).toEqual(['1', '4']);
  });
});
