// The queries of sql/analytics as named queries, for people who open Athena's console, and those of
// sql/quality as `quality/<name>`, which services/quality runs.
require('tsx/cjs');
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { parseQueryFile } = require('@saleslake/shared/catalog/query-file');
const { pascalCase } = require('../logical-id.cjs');

module.exports = () => ({
  Resources: Object.fromEntries([
    ...queryFiles('analytics').map((file) => [
      `${pascalCase(file.name)}Query`,
      namedQuery(file.name, file, file.sql),
    ]),
    ...queryFiles('quality').map((file) => [
      `${pascalCase(file.name)}Check`,
      namedQuery(`quality/${file.name}`, file, withDefaults(file)),
    ]),
  ]),
});

function queryFiles(folder) {
  const path = join(__dirname, '..', '..', 'sql', folder);
  return readdirSync(path)
    .filter((name) => name.endsWith('.sql'))
    .map((name) => parseQueryFile(name, readFileSync(join(path, name), 'utf8')));
}

function namedQuery(Name, { question }, QueryString) {
  return {
    Type: 'AWS::Athena::NamedQuery',
    Properties: {
      Name,
      Description: question,
      Database: { Ref: 'Database' },
      WorkGroup: { Ref: 'Workgroup' },
      QueryString,
    },
  };
}

/** The statement with the default of each parameter in its place, so that it runs as it stands. */
function withDefaults({ name, sql, parameters }) {
  const left = parameters.map((parameter) => parameter.default);
  // What stands in quotes or in a comment is no parameter.
  const text = sql.replace(/'(?:[^']|'')*'|"[^"]*"|--.*|\?/g, (token) => {
    if (token !== '?') return token;
    if (left.length === 0) throw new Error(`quality/${name}.sql has more ? than parameters`);
    return left.shift();
  });
  if (left.length > 0) throw new Error(`quality/${name}.sql has fewer ? than parameters`);
  return text;
}
