// The Glue tables, from the contracts: there is no second list of columns.
require('tsx/cjs');
const { glueTable } = require('@saleslake/shared/catalog/glue-table');
const { tables } = require('@saleslake/shared/tables/index');
const { pascalCase } = require('./logical-id.cjs');

module.exports = () => ({
  Resources: Object.fromEntries(
    tables.map((contract) => [
      `${pascalCase(contract.name)}Table`,
      {
        Type: 'AWS::Glue::Table',
        Properties: {
          CatalogId: { Ref: 'AWS::AccountId' },
          DatabaseName: { Ref: 'Database' },
          TableInput: resolveBucket(
            glueTable(contract, `s3://\${CuratedBucket}/processed/${contract.name}/`),
          ),
        },
      },
    ]),
  ),
});

/** Wraps each text that names the bucket in Fn::Sub, with every other `${…}` kept literal. */
function resolveBucket(value) {
  if (typeof value === 'string') {
    if (!value.includes('${CuratedBucket}')) return value;
    return { 'Fn::Sub': value.replace(/\$\{(?!CuratedBucket\})/g, '${!') };
  }
  if (Array.isArray(value)) return value.map(resolveBucket);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, resolveBucket(v)]));
}
