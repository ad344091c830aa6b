import { glueView } from '../../src/catalog/glue-view';
import { parseQueryFile } from '../../src/catalog/query-file';

const HEADER = `-- What is there?
-- Parameters: none
-- Columns: id varchar, n integer, total bigint, price decimal(10,2), at timestamp, day date
-- Order: none
`;
const viewOf = (sql: string) => glueView(parseQueryFile('a-view.sql', HEADER + sql), 'sales_db');

function definitionOf({ ViewOriginalText }: { ViewOriginalText: string }): unknown {
  const [, encoded = ''] =
    /^\/\* Presto View: ([A-Za-z0-9+/=]+) \*\/$/.exec(ViewOriginalText) ?? [];
  return JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'));
}

describe('a view in Glue', () => {
  const view = viewOf('CREATE OR REPLACE VIEW a_view AS\nSELECT 1 -- é');

  it('has the name that the statement gives it', () => {
    expect(view).toMatchObject({ Name: 'a_view', TableType: 'VIRTUAL_VIEW' });
  });

  it('holds the query, its database and columns of Trino types', () => {
    expect(definitionOf(view)).toEqual({
      originalSql: 'SELECT 1 -- é',
      catalog: 'awsdatacatalog',
      schema: 'sales_db',
      columns: [
        { name: 'id', type: 'varchar' },
        { name: 'n', type: 'integer' },
        { name: 'total', type: 'bigint' },
        { name: 'price', type: 'decimal(10,2)' },
        { name: 'at', type: 'timestamp(3)' },
        { name: 'day', type: 'date' },
      ],
    });
  });

  it('has columns of Hive types beside it', () => {
    expect(view.StorageDescriptor.Columns.map(({ Type }) => Type)).toEqual([
      'string',
      'int',
      'bigint',
      'decimal(10,2)',
      'timestamp',
      'date',
    ]);
  });

  it('is made of no other statement', () => {
    expect(() => viewOf('SELECT 1')).toThrow('a-view: expected CREATE OR REPLACE VIEW … AS …');
  });
});
