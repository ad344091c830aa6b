// The queries of sql/analytics as named queries, for people who open Athena's console.
require('tsx/cjs');
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { parseQueryFile } = require('@saleslake/shared/catalog/query-file');
const { pascalCase } = require('./logical-id.cjs');

const FOLDER = join(__dirname, '..', '..', 'sql', 'analytics');

module.exports = () => ({
  Resources: Object.fromEntries(
    readdirSync(FOLDER)
      .filter((name) => name.endsWith('.sql'))
      .map((name) => parseQueryFile(name, readFileSync(join(FOLDER, name), 'utf8')))
      .map(({ name, question, sql }) => [
        `${pascalCase(name)}Query`,
        {
          Type: 'AWS::Athena::NamedQuery',
          Properties: {
            Name: name,
            Description: question,
            Database: { Ref: 'Database' },
            WorkGroup: { Ref: 'Workgroup' },
            QueryString: sql,
          },
        },
      ]),
  ),
});
