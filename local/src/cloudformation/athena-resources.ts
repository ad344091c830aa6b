import { createHash } from 'node:crypto';
import { arnOf, type ResourceType } from './resource-type';

const SMALLEST_CUTOFF_BYTES = 10_000_000;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-athena-workgroup.html */
const workgroup: ResourceType = ({ properties, environment, deployment }) => {
  const name = properties.string('Name');
  const state = properties.optionalString('State') ?? 'ENABLED';
  if (state !== 'ENABLED' && state !== 'DISABLED') {
    throw properties.fail(`has State ${state}; expected ENABLED or DISABLED`);
  }
  properties.withoutEffect('RecursiveDeleteOption', 'Tags');
  const description = properties.optionalString('Description');
  const configuration = properties.optionalObject('WorkGroupConfiguration');
  configuration?.withoutEffect(
    'EngineVersion',
    'PublishCloudWatchMetricsEnabled',
    'RequesterPaysEnabled',
  );
  const result = configuration?.optionalObject('ResultConfiguration');
  result?.withoutEffect('AclConfiguration', 'EncryptionConfiguration', 'ExpectedBucketOwner');
  const bytesScannedCutoff = configuration?.optionalNumber('BytesScannedCutoffPerQuery');
  if (bytesScannedCutoff !== undefined && bytesScannedCutoff < SMALLEST_CUTOFF_BYTES) {
    throw properties.fail(
      `has WorkGroupConfiguration.BytesScannedCutoffPerQuery: ${bytesScannedCutoff}; ` +
        `expected at least ${SMALLEST_CUTOFF_BYTES}`,
    );
  }
  deployment.catalog.workgroups.push({
    name,
    state,
    description,
    outputLocation: result?.optionalString('OutputLocation'),
    bytesScannedCutoff,
    enforceConfiguration: configuration?.optionalBoolean('EnforceWorkGroupConfiguration') ?? true,
  });
  return { ref: name, attributes: { Arn: arnOf(environment, 'athena', `workgroup/${name}`) } };
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-athena-namedquery.html */
const namedQuery: ResourceType = ({ properties, generatedName, deployment }) => {
  const name = properties.optionalString('Name') ?? generatedName;
  const workgroupName = properties.optionalString('WorkGroup') ?? 'primary';
  const id = idOf(`${workgroupName}/${generatedName}`);
  (deployment.catalog.namedQueries ??= []).push({
    id,
    name,
    description: properties.optionalString('Description'),
    database: properties.string('Database'),
    sql: properties.string('QueryString'),
    workgroup: workgroupName,
  });
  return { ref: id, attributes: { NamedQueryId: id } };
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-athena-preparedstatement.html */
const preparedStatement: ResourceType = ({ properties, deployment }) => {
  const name = properties.string('StatementName');
  (deployment.catalog.preparedStatements ??= []).push({
    name,
    workgroup: properties.string('WorkGroup'),
    sql: properties.string('QueryStatement'),
    description: properties.optionalString('Description'),
  });
  return { ref: name };
};

/** A UUID that is the same each time, where AWS makes up a random one. */
function idOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return hex.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

export const athenaResources: Record<string, ResourceType> = {
  'AWS::Athena::NamedQuery': namedQuery,
  'AWS::Athena::PreparedStatement': preparedStatement,
  'AWS::Athena::WorkGroup': workgroup,
};
