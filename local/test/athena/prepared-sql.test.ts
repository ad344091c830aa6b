import { parsePreparedSql } from '../../src/athena/prepared-sql';

describe('a statement about prepared statements', () => {
  it.each([
    ['EXECUTE top', { kind: 'execute', name: 'top', parameters: undefined }],
    [
      "-- the best\nexecute top using 'a, b', 2, f(1, 2), ARRAY[1, 2], 'it''s';",
      {
        kind: 'execute',
        name: 'top',
        parameters: ["'a, b'", '2', 'f(1, 2)', 'ARRAY[1, 2]', "'it''s'"],
      },
    ],
    ['PREPARE top FROM SELECT ?', { kind: 'prepare', name: 'top', sql: 'SELECT ?' }],
    ['/* gone */ DEALLOCATE PREPARE top ;', { kind: 'deallocate', name: 'top' }],
  ])('%s', (sql, expected) => {
    expect(parsePreparedSql(sql)).toEqual(expected);
  });

  it.each(['SELECT 1', 'EXECUTE', "SELECT 'EXECUTE top'", 'PREPARE top'])('is not: %s', (sql) => {
    expect(parsePreparedSql(sql)).toBeUndefined();
  });
});
