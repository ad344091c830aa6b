// The views of sql/views as Athena keeps them in Glue, so that they are deployed, not made by hand.
require('tsx/cjs');
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { glueView } = require('@saleslake/shared/catalog/glue-view');
const { parseQueryFile } = require('@saleslake/shared/catalog/query-file');
const { pascalCase } = require('../logical-id.cjs');

const FOLDER = join(__dirname, '..', '..', 'sql', 'views');

module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('sls:stage');
  const views = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.sql'))
    .map((name) => parseQueryFile(name, readFileSync(join(FOLDER, name), 'utf8')))
    .map((file) => glueView(file, `saleslake_${stage}`));
  return {
    Resources: Object.fromEntries(
      views.map((view) => [
        `${pascalCase(view.Name)}View`,
        {
          Type: 'AWS::Glue::Table',
          Properties: {
            CatalogId: { Ref: 'AWS::AccountId' },
            DatabaseName: { Ref: 'Database' },
            TableInput: view,
          },
        },
      ]),
    ),
  };
};
