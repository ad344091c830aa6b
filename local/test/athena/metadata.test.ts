import {
  GetDatabaseCommand,
  GetDataCatalogCommand,
  GetTableMetadataCommand,
  ListDatabasesCommand,
  ListDataCatalogsCommand,
  ListTableMetadataCommand,
} from '@aws-sdk/client-athena';
import { startAthena, type LocalAthena } from './local-athena';
import { scriptedEngine } from './scripted-engine';

const CatalogName = 'AwsDataCatalog';
const LAKE = { CatalogName, DatabaseName: 'lake' };

const table = (name: string) => ({
  databaseName: 'lake',
  name,
  tableType: 'EXTERNAL_TABLE',
  parameters: { classification: 'parquet' },
  columns: [{ name: 'price', type: 'double' }],
  partitionKeys: [{ name: 'year', type: 'int' }],
  location: 's3://curated/',
  serde: { library: 'parquet', parameters: { a: 'b' } },
});

let local: LocalAthena;
beforeAll(async () => {
  local = await startAthena(() => scriptedEngine(() => ({})), {
    declared: {
      databases: [{ name: 'lake', description: 'Sales.' }],
      tables: [table('orders'), table('sales')],
    },
  });
});
afterAll(() => local.close());

describe('the data catalog', () => {
  it('is that of Glue', async () => {
    const { DataCatalogsSummary } = await local.client.send(new ListDataCatalogsCommand({}));
    expect(DataCatalogsSummary).toEqual([{ CatalogName, Type: 'GLUE' }]);
    const get = new GetDataCatalogCommand({ Name: CatalogName });
    expect((await local.client.send(get)).DataCatalog).toMatchObject({ Type: 'GLUE' });
  });

  it('has the databases', async () => {
    const { DatabaseList } = await local.client.send(new ListDatabasesCommand({ CatalogName }));
    expect(DatabaseList).toEqual([{ Name: 'lake', Description: 'Sales.', Parameters: {} }]);
  });

  it('has the tables, found by a pattern', async () => {
    const list = new ListTableMetadataCommand({ ...LAKE, Expression: 's.*' });
    const { TableMetadataList } = await local.client.send(list);
    expect(TableMetadataList?.map(({ Name }) => Name)).toEqual(['sales']);
  });

  it('has a table with its columns', async () => {
    const get = new GetTableMetadataCommand({ ...LAKE, TableName: 'orders' });
    expect((await local.client.send(get)).TableMetadata).toMatchObject({
      Name: 'orders',
      TableType: 'EXTERNAL_TABLE',
      Columns: [{ Name: 'price', Type: 'double' }],
      PartitionKeys: [{ Name: 'year', Type: 'int' }],
      Parameters: { location: 's3://curated/', 'serde.param.a': 'b', classification: 'parquet' },
    });
  });

  it.each([
    ['database', () => local.client.send(new GetDatabaseCommand({ ...LAKE, DatabaseName: 'no' }))],
    ['table', () => local.client.send(new GetTableMetadataCommand({ ...LAKE, TableName: 'no' }))],
  ])('says what it has not: a %s', async (_, ask) => {
    await expect(ask()).rejects.toMatchObject({
      name: 'MetadataException',
      message: expect.stringMatching(/^EntityNotFoundException: .* not found\.$/) as string,
    });
  });
});
