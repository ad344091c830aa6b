import {
  CreateWorkGroupCommand,
  DeleteWorkGroupCommand,
  GetWorkGroupCommand,
  ListWorkGroupsCommand,
  UpdateWorkGroupCommand,
} from '@aws-sdk/client-athena';
import { EXCEEDED_SCAN_LIMIT, QueryError } from '../../src/athena/query-engine';
import { BUCKET, OUTPUT, startAthena, type LocalAthena } from './local-athena';
import { rowsIn, scriptedEngine, type ScriptedEngine } from './scripted-engine';

const MB = 1_000_000;

let local: LocalAthena;
let engine: ScriptedEngine;

beforeEach(async () => {
  engine = scriptedEngine(({ sql }) => {
    if (sql === 'refused by the engine') {
      throw new QueryError(EXCEEDED_SCAN_LIMIT, 'too much');
    }
    return { rows: rowsIn([['1']]), bytesScanned: Number(sql) * MB };
  });
  const lake = {
    name: 'lake',
    state: 'ENABLED' as const,
    outputLocation: `s3://${BUCKET}/lake`,
    bytesScannedCutoff: 20 * MB,
    enforceConfiguration: true,
  };
  local = await startAthena(() => engine, { declared: { workgroups: [lake] } });
});
afterEach(() => local.close());

const create = (Name: string, Configuration = {}) =>
  local.client.send(new CreateWorkGroupCommand({ Name, Configuration }));

const get = async (WorkGroup: string) =>
  (await local.client.send(new GetWorkGroupCommand({ WorkGroup }))).WorkGroup;

const outputOf = async (input: object) =>
  (await local.ended(await local.submit({ QueryString: '1', ...input }))).ResultConfiguration
    ?.OutputLocation;

describe('a workgroup', () => {
  it('is primary where there is no other', async () => {
    const { WorkGroups } = await local.client.send(new ListWorkGroupsCommand({}));
    expect(WorkGroups?.map(({ Name, State }) => [Name, State])).toEqual([
      ['lake', 'ENABLED'],
      ['primary', 'ENABLED'],
    ]);
  });

  it('is told of', async () => {
    expect(await get('lake')).toMatchObject({
      Name: 'lake',
      State: 'ENABLED',
      Configuration: {
        EnforceWorkGroupConfiguration: true,
        BytesScannedCutoffPerQuery: 20 * MB,
        ResultConfiguration: { OutputLocation: `s3://${BUCKET}/lake` },
      },
    });
  });

  it('has its results where it says, whatever the query says', async () => {
    expect(await outputOf({ WorkGroup: 'lake' })).toMatch(/^s3:\/\/results\/lake\/.*\.csv$/);
  });

  it('that enforces nothing has its results where the query says', async () => {
    await create('free', {
      EnforceWorkGroupConfiguration: false,
      ResultConfiguration: { OutputLocation: `s3://${BUCKET}/free/` },
    });
    expect(await outputOf({ WorkGroup: 'free' })).toContain(OUTPUT);
    expect(await outputOf({ WorkGroup: 'free', ResultConfiguration: {} })).toContain('/free/');
  });

  it('that is disabled runs nothing', async () => {
    const update = { WorkGroup: 'lake', State: 'DISABLED' as const };
    await local.client.send(new UpdateWorkGroupCommand(update));
    const query = { QueryString: '1', WorkGroup: 'lake' };
    await expect(local.submit(query)).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: 'WorkGroup lake is disabled.',
    });
  });

  it('changes in what is said, and keeps the rest', async () => {
    await local.client.send(
      new UpdateWorkGroupCommand({
        WorkGroup: 'lake',
        Description: 'Sales.',
        ConfigurationUpdates: {
          RemoveBytesScannedCutoffPerQuery: true,
          ResultConfigurationUpdates: { OutputLocation: 's3://elsewhere' },
        },
      }),
    );
    const changed = await get('lake');
    expect(changed?.Description).toBe('Sales.');
    expect(changed?.Configuration).toMatchObject({
      EnforceWorkGroupConfiguration: true,
      ResultConfiguration: { OutputLocation: 's3://elsewhere/' },
    });
    expect(changed?.Configuration?.BytesScannedCutoffPerQuery).toBeUndefined();
  });

  it('is gone when deleted', async () => {
    await create('scratch');
    await local.client.send(new DeleteWorkGroupCommand({ WorkGroup: 'scratch' }));
    await expect(get('scratch')).rejects.toThrow('WorkGroup scratch is not found.');
  });

  it.each([
    ['exists', () => create('lake'), 'WorkGroup lake already exists.'],
    ['has another name than these', () => create('a b'), 'Name a b must be of up to 128'],
    [
      'limits bytes below ten million',
      () => create('x', { BytesScannedCutoffPerQuery: 1 }),
      'BytesScannedCutoffPerQuery must be a whole number from 10000000',
    ],
    [
      'is the primary and would be deleted',
      () => local.client.send(new DeleteWorkGroupCommand({ WorkGroup: 'primary' })),
      'The primary WorkGroup cannot be deleted.',
    ],
  ])('is refused where it %s', async (_, ask, message) => {
    await expect(ask()).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: expect.stringContaining(message) as string,
    });
  });
});

describe('a limit of bytes scanned', () => {
  it('is told to the engine', async () => {
    await local.ended(await local.submit({ QueryString: '20', WorkGroup: 'lake' }));
    expect(engine.requests[0]?.bytesScannedCutoff).toBe(20 * MB);
  });

  it.each(['21', 'refused by the engine'])('cancels a query of more: %s', async (sql) => {
    const id = await local.submit({ QueryString: sql, WorkGroup: 'lake' });
    expect((await local.ended(id)).Status).toMatchObject({
      State: 'CANCELLED',
      StateChangeReason: 'Query cancelled! : Bytes scanned limit was exceeded',
    });
  });

  it('lets pass what is within', async () => {
    const id = await local.submit({ QueryString: '20', WorkGroup: 'lake' });
    expect(await local.ended(id)).toMatchObject({
      Status: { State: 'SUCCEEDED' },
      Statistics: { DataScannedInBytes: 20 * MB },
    });
  });
});
