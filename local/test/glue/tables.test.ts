import {
  BatchDeleteTableCommand,
  CreateDatabaseCommand,
  CreateTableCommand,
  DeleteDatabaseCommand,
  DeleteTableCommand,
  GetDatabaseCommand,
  GetDatabasesCommand,
  GetTableCommand,
  GetTablesCommand,
  GetTableVersionsCommand,
  UpdateDatabaseCommand,
  UpdateTableCommand,
  type TableInput,
} from '@aws-sdk/client-glue';
import { freshStateDir } from '../support/state-dir';
import { START, startGlue, type LocalGlue } from './local-glue';

const SALES: TableInput = {
  Name: 'Sales',
  Description: 'What was sold.',
  Owner: 'hadoop',
  TableType: 'EXTERNAL_TABLE',
  Parameters: { classification: 'parquet' },
  PartitionKeys: [{ Name: 'year', Type: 'int' }],
  StorageDescriptor: {
    Columns: [{ Name: 'price', Type: 'decimal(10,2)', Comment: 'Of one.' }],
    Location: 's3://curated/sales/',
    InputFormat: 'in',
    OutputFormat: 'out',
    Compressed: true,
    SerdeInfo: { SerializationLibrary: 'parquet', Parameters: { a: 'b' } },
    Parameters: { sizeKey: '1' },
  },
};

const DECLARED = {
  databases: [{ name: 'lake', description: 'The lake.' }],
  tables: [
    { databaseName: 'lake', name: 'orders', parameters: {}, columns: [], partitionKeys: [] },
  ],
};

let local: LocalGlue;
beforeEach(async () => {
  local = await startGlue(DECLARED);
});
afterEach(() => local.close());

const create = (input: TableInput = SALES, DatabaseName = 'lake') =>
  local.client.send(new CreateTableCommand({ DatabaseName, TableInput: input }));

const get = (Name: string, DatabaseName = 'lake') =>
  local.client.send(new GetTableCommand({ DatabaseName, Name }));

describe('a table', () => {
  it('is given back as it was created, its name in lower case', async () => {
    await create();
    const { Table } = await get('SALES');
    expect(Table).toMatchObject({
      ...SALES,
      Name: 'sales',
      DatabaseName: 'lake',
      CatalogId: '000000000000',
      CreateTime: new Date(START),
    });
  });

  it('of a template is there from the start', async () => {
    const { Table } = await get('orders');
    expect(Table?.DatabaseName).toBe('lake');
  });

  it('is replaced by an update', async () => {
    await create();
    local.clock.advance(1000);
    const changed = { ...SALES, Name: 'sales', Description: 'Now other.' };
    await local.client.send(new UpdateTableCommand({ DatabaseName: 'lake', TableInput: changed }));
    const { Table } = await get('sales');
    expect(Table).toMatchObject({
      Description: 'Now other.',
      CreateTime: new Date(START),
      UpdateTime: new Date(START + 1000),
    });
  });

  it('has one version, the one that stands', async () => {
    const input = { DatabaseName: 'lake', TableName: 'orders' };
    const { TableVersions } = await local.client.send(new GetTableVersionsCommand(input));
    expect(TableVersions?.map(({ Table }) => Table?.Name)).toEqual(['orders']);
  });

  it('that is a view keeps its text', async () => {
    const view = {
      Name: 'v',
      TableType: 'VIRTUAL_VIEW',
      ViewOriginalText: '/* Presto View: e30= */',
    };
    await create(view);
    expect((await get('v')).Table).toMatchObject(view);
  });

  it('is gone when deleted', async () => {
    await create();
    await local.client.send(new DeleteTableCommand({ DatabaseName: 'lake', Name: 'sales' }));
    await expect(get('sales')).rejects.toThrow('Table lake.sales not found.');
  });

  it('is created once', async () => {
    await create();
    await expect(create()).rejects.toMatchObject({ name: 'AlreadyExistsException' });
  });

  it.each([
    ['an unknown table', () => get('none')],
    ['a table of an unknown database', () => get('orders', 'none')],
    ['a new table in an unknown database', () => create(SALES, 'none')],
  ])('is not found: %s', async (_, ask) => {
    await expect(ask()).rejects.toMatchObject({ name: 'EntityNotFoundException' });
  });

  it('needs a name', async () => {
    await expect(create({ ...SALES, Name: '' })).rejects.toMatchObject({
      name: 'InvalidInputException',
      message: 'The request must contain TableInput.Name.',
    });
  });
});

describe('the tables of a database', () => {
  it('are listed by name, page by page', async () => {
    for (const name of ['c', 'a', 'b']) await create({ Name: name });
    const pages: (string | undefined)[][] = [];
    let NextToken: string | undefined;
    do {
      const answer = await local.client.send(
        new GetTablesCommand({ DatabaseName: 'lake', MaxResults: 3, NextToken }),
      );
      pages.push(answer.TableList?.map(({ Name }) => Name) ?? []);
      ({ NextToken } = answer);
    } while (NextToken);
    expect(pages).toEqual([['a', 'b', 'c'], ['orders']]);
  });

  it('are found by a pattern of the whole name', async () => {
    for (const name of ['sales_2024', 'sales_2025', 'presales_2024']) await create({ Name: name });
    const { TableList } = await local.client.send(
      new GetTablesCommand({ DatabaseName: 'lake', Expression: 'sales_.*' }),
    );
    expect(TableList?.map(({ Name }) => Name)).toEqual(['sales_2024', 'sales_2025']);
  });

  it('are deleted together, with a word for each that is not there', async () => {
    await create();
    const { Errors } = await local.client.send(
      new BatchDeleteTableCommand({ DatabaseName: 'lake', TablesToDelete: ['sales', 'none'] }),
    );
    expect(Errors?.map(({ TableName }) => TableName)).toEqual(['none']);
    await expect(get('sales')).rejects.toThrow('not found');
  });
});

describe('a database', () => {
  it('is created, changed and deleted with its tables', async () => {
    const input = { Name: 'Scratch', LocationUri: 's3://x/', Parameters: { a: 'b' } };
    await local.client.send(new CreateDatabaseCommand({ DatabaseInput: input }));
    await create(SALES, 'scratch');
    await local.client.send(
      new UpdateDatabaseCommand({ Name: 'scratch', DatabaseInput: { Name: 'scratch' } }),
    );
    const { Database } = await local.client.send(new GetDatabaseCommand({ Name: 'SCRATCH' }));
    expect(Database).toMatchObject({ Name: 'scratch', Parameters: {} });
    await local.client.send(new DeleteDatabaseCommand({ Name: 'scratch' }));
    await local.client.send(new CreateDatabaseCommand({ DatabaseInput: input }));
    await expect(get('sales', 'scratch')).rejects.toThrow('not found');
  });

  it('is listed', async () => {
    const { DatabaseList } = await local.client.send(new GetDatabasesCommand({}));
    expect(DatabaseList?.map(({ Name, Description }) => [Name, Description])).toEqual([
      ['lake', 'The lake.'],
    ]);
  });

  it('exists once', async () => {
    const again = new CreateDatabaseCommand({ DatabaseInput: { Name: 'lake' } });
    await expect(local.client.send(again)).rejects.toMatchObject({
      name: 'AlreadyExistsException',
      message: 'Database lake already exists.',
    });
  });
});

describe('a role', () => {
  it('needs leave for catalog, database and table', async () => {
    const ask = () =>
      local.limitedClient.send(new GetTableCommand({ DatabaseName: 'lake', Name: 'Orders' }));
    local.allowed.push('glue:GetTable catalog', 'glue:GetTable database/lake');
    await expect(ask()).rejects.toThrow('table/lake/orders');
    local.allowed.push('glue:GetTable table/lake/orders');
    await expect(ask()).resolves.toBeDefined();
  });
});

describe('a restart', () => {
  it('keeps what people added, and takes templates from the templates', async () => {
    const stateDir = freshStateDir();
    const before = await startGlue(DECLARED, stateDir);
    const { catalog } = before.glue;
    const plain = { parameters: {}, columns: [], partitionKeys: [{ name: 'y', type: 'int' }] };
    catalog.createTable({ databaseName: 'lake', name: 'added', ...plain });
    catalog.putPartitions('lake', 'added', [
      { values: ['1'], location: 's3://x/', parameters: {} },
    ]);
    catalog.createTable({ databaseName: 'lake', name: 'dropped', ...plain });
    catalog.deleteTable('lake', 'dropped');
    catalog.updateTable({ databaseName: 'lake', name: 'orders', ...plain });
    await before.close();

    const after = await startGlue(DECLARED, stateDir);
    expect(after.glue.catalog.tables('lake').map(({ name }) => name)).toEqual(['added', 'orders']);
    expect(after.glue.catalog.partitions('lake', 'added')).toMatchObject([{ values: ['1'] }]);
    expect(after.glue.catalog.table('lake', 'orders')?.partitionKeys).toEqual([]);
    await after.close();
  });

  it('gives a table of the same name to the template that declares it now', async () => {
    const stateDir = freshStateDir();
    const { databases } = DECLARED;
    const before = await startGlue({ databases }, stateDir);
    before.glue.catalog.createTable({
      databaseName: 'lake',
      name: 'orders',
      parameters: { from: 'people' },
      columns: [],
      partitionKeys: [],
    });
    await before.close();
    const after = await startGlue(DECLARED, stateDir);
    expect(after.glue.catalog.table('lake', 'orders')?.parameters).toEqual({});
    await after.close();
  });
});
