// The Glue tables, from the contracts: there is no second list of columns.
require('tsx/cjs');
const { glueTable } = require('@saleslake/shared/catalog/glue-table');
const { rawGlueTable } = require('@saleslake/shared/catalog/raw-table');
const { tables } = require('@saleslake/shared/tables/index');
const { transactions } = require('@saleslake/shared/tables/transactions');
const { pascalCase } = require('../logical-id.cjs');

module.exports = () => ({
  Resources: Object.fromEntries(
    [
      ...tables.map((contract) =>
        glueTable(contract, `s3://\${CuratedBucket}/processed/${contract.name}/`),
      ),
      // What came in, for asking when it came and what was wrong with it.
      rawGlueTable(transactions, 'json', `s3://\${RawBucket}/raw/${transactions.name}/`),
    ].map((table) => [
      `${pascalCase(table.Name)}Table`,
      {
        Type: 'AWS::Glue::Table',
        Properties: {
          CatalogId: { Ref: 'AWS::AccountId' },
          DatabaseName: { Ref: 'Database' },
          TableInput: resolveBucket(table),
        },
      },
    ]),
  ),
});

/** Wraps each text that names a bucket in Fn::Sub, with every other `${…}` kept literal. */
function resolveBucket(value) {
  if (typeof value === 'string') {
    if (!/\$\{(Curated|Raw)Bucket\}/.test(value)) return value;
    return { 'Fn::Sub': value.replace(/\$\{(?!(?:Curated|Raw)Bucket\})/g, '${!') };
  }
  if (Array.isArray(value)) return value.map(resolveBucket);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, resolveBucket(v)]));
}
