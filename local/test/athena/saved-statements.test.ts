import {
  BatchGetNamedQueryCommand,
  CreateNamedQueryCommand,
  CreatePreparedStatementCommand,
  DeleteNamedQueryCommand,
  DeletePreparedStatementCommand,
  DeleteWorkGroupCommand,
  CreateWorkGroupCommand,
  GetNamedQueryCommand,
  GetPreparedStatementCommand,
  ListNamedQueriesCommand,
  ListPreparedStatementsCommand,
  UpdatePreparedStatementCommand,
} from '@aws-sdk/client-athena';
import { freshStateDir } from '../support/state-dir';
import { startAthena, type LocalAthena } from './local-athena';
import { scriptedEngine, type ScriptedEngine } from './scripted-engine';

const DECLARED = {
  workgroups: [],
  namedQueries: [
    { id: 'id-of-top', name: 'top', database: 'lake', sql: 'SELECT 1', workgroup: 'primary' },
  ],
  preparedStatements: [{ name: 'of_day', workgroup: 'primary', sql: 'SELECT ? + ?' }],
};
const WorkGroup = 'primary';

let local: LocalAthena;
let engine: ScriptedEngine;
beforeEach(async () => {
  engine = scriptedEngine(() => ({}));
  local = await startAthena(() => engine, { declared: DECLARED });
});
afterEach(() => local.close());

describe('a named query', () => {
  const create = (changed = {}) =>
    local.client.send(
      new CreateNamedQueryCommand({ Name: 'q', Database: 'lake', QueryString: 'x', ...changed }),
    );

  it('of a template is there from the start', async () => {
    const ask = new GetNamedQueryCommand({ NamedQueryId: 'id-of-top' });
    expect((await local.client.send(ask)).NamedQuery).toMatchObject({
      Name: 'top',
      Database: 'lake',
      QueryString: 'SELECT 1',
      WorkGroup,
    });
  });

  it('is created once for a token, listed, got and deleted', async () => {
    const token = { ClientRequestToken: 't'.repeat(32) };
    const { NamedQueryId = '' } = await create(token);
    expect((await create(token)).NamedQueryId).toBe(NamedQueryId);
    const list = () => local.client.send(new ListNamedQueriesCommand({}));
    expect((await list()).NamedQueryIds?.sort()).toEqual([NamedQueryId, 'id-of-top'].sort());
    await local.client.send(new DeleteNamedQueryCommand({ NamedQueryId }));
    expect((await list()).NamedQueryIds).toEqual(['id-of-top']);
    const batch = new BatchGetNamedQueryCommand({ NamedQueryIds: ['id-of-top', NamedQueryId] });
    expect(await local.client.send(batch)).toMatchObject({
      NamedQueries: [{ Name: 'top' }],
      UnprocessedNamedQueryIds: [{ NamedQueryId }],
    });
  });

  it('survives a restart', async () => {
    const stateDir = freshStateDir();
    const before = await startAthena(() => engine, { stateDir });
    const input = { Name: 'q', Database: 'lake', QueryString: 'x' };
    const { NamedQueryId } = await before.client.send(new CreateNamedQueryCommand(input));
    await before.close();
    const after = await startAthena(() => engine, { stateDir });
    const { NamedQuery } = await after.client.send(new GetNamedQueryCommand({ NamedQueryId }));
    expect(NamedQuery?.Name).toBe('q');
    await after.close();
  });

  it('that is not there is an error', async () => {
    const ask = new GetNamedQueryCommand({ NamedQueryId: 'none' });
    await expect(local.client.send(ask)).rejects.toThrow('NamedQuery none was not found');
  });

  it('keeps its workgroup from being deleted', async () => {
    await local.client.send(new CreateWorkGroupCommand({ Name: 'w' }));
    await create({ WorkGroup: 'w' });
    const drop = (RecursiveDeleteOption: boolean) =>
      local.client.send(new DeleteWorkGroupCommand({ WorkGroup: 'w', RecursiveDeleteOption }));
    await expect(drop(false)).rejects.toThrow('WorkGroup w is not empty.');
    await expect(drop(true)).resolves.toBeDefined();
  });
});

describe('a prepared statement', () => {
  const create = (StatementName: string) =>
    local.client.send(
      new CreatePreparedStatementCommand({ StatementName, WorkGroup, QueryStatement: 'SELECT ?' }),
    );
  const get = (StatementName: string) =>
    local.client.send(new GetPreparedStatementCommand({ StatementName, WorkGroup }));

  it('is created, changed, listed and deleted', async () => {
    await create('s');
    await local.client.send(
      new UpdatePreparedStatementCommand({
        StatementName: 's',
        WorkGroup,
        QueryStatement: 'SELECT 2',
      }),
    );
    expect((await get('s')).PreparedStatement).toMatchObject({
      StatementName: 's',
      QueryStatement: 'SELECT 2',
      WorkGroupName: WorkGroup,
    });
    const list = new ListPreparedStatementsCommand({ WorkGroup });
    const { PreparedStatements } = await local.client.send(list);
    expect(PreparedStatements?.map(({ StatementName }) => StatementName)).toEqual(['of_day', 's']);
    await local.client.send(new DeletePreparedStatementCommand({ StatementName: 's', WorkGroup }));
    await expect(get('s')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'PreparedStatement s was not found in workGroup primary.',
    });
  });

  it('is created once, and under a name that it can be called by', async () => {
    await expect(create('of_day')).rejects.toThrow('PreparedStatement of_day already exists');
    await expect(create('1st')).rejects.toThrow('StatementName 1st must be');
  });

  it.each([
    ["EXECUTE of_day USING 1, '2'", undefined, ['1', "'2'"]],
    ['EXECUTE of_day', ['3', '4'], ['3', '4']],
  ])('is run by %s', async (QueryString, ExecutionParameters, parameters) => {
    const id = await local.submit({ QueryString, ExecutionParameters });
    expect((await local.ended(id)).Status?.State).toBe('SUCCEEDED');
    expect(engine.requests).toMatchObject([{ sql: 'SELECT ? + ?', parameters }]);
  });

  it('is made and unmade by SQL', async () => {
    await local.ended(await local.submit('PREPARE mine FROM SELECT 5'));
    expect((await get('mine')).PreparedStatement?.QueryStatement).toBe('SELECT 5');
    await local.ended(await local.submit('DEALLOCATE PREPARE mine'));
    await expect(get('mine')).rejects.toThrow('was not found');
    expect(engine.requests).toEqual([]);
  });

  it('that is not there fails the query', async () => {
    const { Status } = await local.ended(await local.submit('EXECUTE none'));
    expect(Status).toMatchObject({
      State: 'FAILED',
      StateChangeReason: 'NOT_FOUND: PreparedStatement none was not found in workGroup primary',
    });
  });
});
