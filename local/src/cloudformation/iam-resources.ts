import type { PolicyDocument } from '../iam/iam';
import type { PropertyReader } from './property-reader';
import type { ResourceType } from './resource-type';

// Log lines, traces and network interfaces are nothing that is asked for here.
const MANAGED_POLICIES_WITHOUT_EFFECT = [
  'AWSLambdaBasicExecutionRole',
  'AWSXRayDaemonWriteAccess',
  'AWSLambdaVPCAccessExecutionRole',
];

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html */
const role: ResourceType = ({ properties, environment, generatedName, deployment }) => {
  const name = properties.optionalString('RoleName') ?? generatedName;
  const path = properties.optionalString('Path') ?? '/';
  const arn = `arn:aws:iam::${environment.accountId}:role${path}${name}`;
  // Who may take the role on is not asked: each function here has its own.
  properties.withoutEffect('AssumeRolePolicyDocument', 'Description', 'MaxSessionDuration', 'Tags');
  for (const managed of properties.strings('ManagedPolicyArns')) {
    if (!MANAGED_POLICIES_WITHOUT_EFFECT.includes(managed.slice(managed.lastIndexOf('/') + 1))) {
      throw properties.fail(`has the managed policy ${managed}, which the local AWS does not know`);
    }
  }
  deployment.roles.push({
    name,
    arn,
    policies: properties.objects('Policies').map((policy) => {
      policy.withoutEffect('PolicyName');
      return policyDocument(policy);
    }),
  });
  return { ref: name, attributes: { Arn: arn, RoleId: name } };
};

const policy: ResourceType = ({ properties, generatedName, deployment }) => {
  properties.withoutEffect('PolicyName');
  const document = policyDocument(properties);
  for (const name of properties.strings('Roles')) {
    const found = deployment.roles.find((planned) => planned.name === name);
    if (!found) throw properties.fail(`is for the role ${name}, which no stack so far declares`);
    found.policies.push(document);
  }
  return { ref: generatedName };
};

// Its statements are checked where roles are made: see local/src/iam.
function policyDocument(reader: PropertyReader): PolicyDocument {
  return reader.json('PolicyDocument') as PolicyDocument;
}

export const iamResources: Record<string, ResourceType> = {
  'AWS::IAM::Role': role,
  'AWS::IAM::Policy': policy,
};
