import { planned } from '../cloudformation/fixture';

it('AWS::Athena::NamedQuery has the same id each time', () => {
  const query = {
    Type: 'AWS::Athena::NamedQuery',
    Properties: { Name: 'top', Database: 'lake', QueryString: 'SELECT 1', WorkGroup: 'w' },
  };
  const plan = () => planned({ Top: query }).catalog.namedQueries;
  expect(plan()).toEqual([
    {
      id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as string,
      name: 'top',
      database: 'lake',
      sql: 'SELECT 1',
      workgroup: 'w',
    },
  ]);
  expect(plan()).toEqual(plan());
});

it('AWS::Athena::PreparedStatement belongs to its workgroup', () => {
  const { catalog } = planned({
    Statement: {
      Type: 'AWS::Athena::PreparedStatement',
      Properties: { StatementName: 's', WorkGroup: 'w', QueryStatement: 'SELECT ?' },
    },
  });
  expect(catalog.preparedStatements).toEqual([{ name: 's', workgroup: 'w', sql: 'SELECT ?' }]);
});

it('AWS::Athena::WorkGroup limits ten million bytes at least, as Athena does', () => {
  const Workgroup = {
    Type: 'AWS::Athena::WorkGroup',
    Properties: { Name: 'w', WorkGroupConfiguration: { BytesScannedCutoffPerQuery: 9_999_999 } },
  };
  expect(() => planned({ Workgroup })).toThrow('9999999; expected at least 10000000');
});
