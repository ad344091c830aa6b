import { emptyDeployment, type Deployment } from '../src/cloudformation/deployment';
import { planStack } from '../src/cloudformation/plan-stack';
import { openIam, type PolicyStatement } from '../src/iam/iam';
import { bucketNames, LOCAL_ACCOUNT, LOCAL_REGION } from '../src/local-names';
import { packagedServices } from './support/packaged-services';

const { raw, curated } = bucketNames();
let deployment: Deployment;

beforeAll(async () => {
  deployment = emptyDeployment();
  const environment = { accountId: LOCAL_ACCOUNT, region: LOCAL_REGION, endpoint: '' };
  for (const { path, stackName, template, folder } of await packagedServices()) {
    const stack = { label: path, name: stackName, template, packageFolder: folder };
    planStack(stack, environment, deployment);
  }
});

/** Whether the role of a service's function allows an action on a resource. */
function allows(service: string, action: string, arn: string): boolean {
  const role = deployment.roles.find(({ name }) => name.startsWith(`saleslake-${service}-`));
  const iam = openIam();
  iam.createRole(role!);
  try {
    iam.authorize(iam.credentialsFor(role!.arn).accessKeyId, action, arn);
    return true;
  } catch (error) {
    if ((error as Error).name === 'AccessDenied') return false;
    throw error;
  }
}

const object = (bucket: string, key: string): string => `arn:aws:s3:::${bucket}/${key}`;

describe('the role of a function', () => {
  it.each([
    ['generator', 's3:PutObject', object(raw, 'raw/transactions/x.json')],
    ['transformer', 's3:GetObject', object(raw, 'raw/transactions/x.json')],
    ['transformer', 's3:PutObject', object(curated, 'processed/transactions/x.parquet')],
    ['transformer', 's3:PutObject', object(curated, 'quarantine/transactions/x.json')],
    ['transformer', 's3:PutObject', object(curated, 'manifests/transactions/x.json')],
  ])('of the %s allows %s on %s', (service, action, arn) => {
    expect(allows(service, action, arn)).toBe(true);
  });

  it.each([
    ['generator', 's3:GetObject', object(raw, 'raw/transactions/x.json')],
    ['generator', 's3:DeleteObject', object(raw, 'raw/transactions/x.json')],
    ['generator', 's3:PutObject', object(raw, 'elsewhere/x.json')],
    ['generator', 's3:PutObject', object(curated, 'processed/transactions/x.parquet')],
    ['transformer', 's3:PutObject', object(raw, 'raw/transactions/x.json')],
    ['transformer', 's3:PutObject', object(curated, 'elsewhere/x')],
    ['transformer', 's3:DeleteObject', object(curated, 'processed/transactions/x.parquet')],
    ['transformer', 'sqs:SendMessage', `arn:aws:sqs:${LOCAL_REGION}:${LOCAL_ACCOUNT}:x`],
  ])('of the %s does not allow %s on %s', (service, action, arn) => {
    expect(allows(service, action, arn)).toBe(false);
  });

  it('names its actions and resources: neither is ever a star', () => {
    const statements: PolicyStatement[] = deployment.roles.flatMap(({ policies }) =>
      policies.flatMap(({ Statement }) => Statement),
    );
    const open = statements.filter(({ Action, Resource }) =>
      [Action, Resource].flat().some((text) => text === '*' || text?.endsWith(':*')),
    );
    expect(statements.length).toBeGreaterThan(0);
    // Serverless names a log group with `:*` for its streams.
    expect(
      open.filter(({ Resource }) => !JSON.stringify(Resource).includes(':log-group:')),
    ).toEqual([]);
  });
});
