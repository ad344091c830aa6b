import { arnOf, type ResourceType } from './resource-type';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-athena-workgroup.html */
const workgroup: ResourceType = ({ properties, environment, deployment }) => {
  const name = properties.string('Name');
  const state = properties.optionalString('State') ?? 'ENABLED';
  if (state !== 'ENABLED' && state !== 'DISABLED') {
    throw properties.fail(`has State ${state}; expected ENABLED or DISABLED`);
  }
  properties.withoutEffect('Description', 'RecursiveDeleteOption', 'Tags');
  const configuration = properties.optionalObject('WorkGroupConfiguration');
  configuration?.withoutEffect(
    'EngineVersion',
    'PublishCloudWatchMetricsEnabled',
    'RequesterPaysEnabled',
  );
  const result = configuration?.optionalObject('ResultConfiguration');
  result?.withoutEffect('AclConfiguration', 'EncryptionConfiguration', 'ExpectedBucketOwner');
  deployment.catalog.workgroups.push({
    name,
    state,
    outputLocation: result?.optionalString('OutputLocation'),
    bytesScannedCutoff: configuration?.optionalNumber('BytesScannedCutoffPerQuery'),
    enforceConfiguration: configuration?.optionalBoolean('EnforceWorkGroupConfiguration') ?? true,
  });
  return { ref: name, attributes: { Arn: arnOf(environment, 'athena', `workgroup/${name}`) } };
};

export const athenaResources: Record<string, ResourceType> = {
  'AWS::Athena::WorkGroup': workgroup,
};
