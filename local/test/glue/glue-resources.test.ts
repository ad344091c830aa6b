import { planned } from '../cloudformation/fixture';

const crawler = (changed: object) => ({
  Crawler: {
    Type: 'AWS::Glue::Crawler',
    Properties: {
      Name: 'c',
      Role: 'r',
      DatabaseName: 'lake',
      Targets: { S3Targets: [{ Path: 's3://curated/' }] },
      ...changed,
    },
  },
});

describe('AWS::Glue::Crawler', () => {
  it('keeps what decides what it makes of the folders', () => {
    const { catalog } = planned(
      crawler({
        TablePrefix: 'crawled_',
        SchemaChangePolicy: { UpdateBehavior: 'LOG', DeleteBehavior: 'LOG' },
        Schedule: { ScheduleExpression: 'cron(0 2 * * ? *)' },
        Targets: { S3Targets: [{ Path: 's3://curated/', Exclusions: ['old/**'] }] },
      }),
    );
    expect(catalog.crawlers).toEqual([
      {
        name: 'c',
        databaseName: 'lake',
        s3Paths: ['s3://curated/'],
        exclusions: { 's3://curated/': ['old/**'] },
        tablePrefix: 'crawled_',
        updateBehavior: 'LOG',
        deleteBehavior: 'LOG',
        schedule: 'cron(0 2 * * ? *)',
      },
    ]);
  });

  it('has a policy that Glue knows', () => {
    const policy = { SchemaChangePolicy: { UpdateBehavior: 'GUESS' } };
    expect(() => planned(crawler(policy))).toThrow(
      'has SchemaChangePolicy.UpdateBehavior GUESS; expected LOG, UPDATE_IN_DATABASE',
    );
  });
});

it('AWS::Glue::Table keeps the text of a view', () => {
  const { catalog } = planned({
    View: {
      Type: 'AWS::Glue::Table',
      Properties: {
        CatalogId: '1',
        DatabaseName: 'lake',
        TableInput: {
          Name: 'v',
          TableType: 'VIRTUAL_VIEW',
          ViewOriginalText: '/* Presto View: e30= */',
          ViewExpandedText: '/* Presto View */',
        },
      },
    },
  });
  expect(catalog.tables).toMatchObject([
    {
      name: 'v',
      tableType: 'VIRTUAL_VIEW',
      viewOriginalText: '/* Presto View: e30= */',
      viewExpandedText: '/* Presto View */',
    },
  ]);
});
