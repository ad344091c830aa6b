import { openIam, type PolicyDocument, type PolicyStatement } from '../../src/iam/iam';

const ROLE = 'arn:aws:iam::123456789012:role/lake/transformer-role';
const OBJECT = 'arn:aws:s3:::raw-bucket/raw/a.json';

describe('authorize', () => {
  it('allows what a statement allows', () => {
    const authorize = authorizeWith(allow('s3:GetObject', 'arn:aws:s3:::raw-bucket/*'));
    expect(() => authorize('s3:GetObject', OBJECT)).not.toThrow();
  });

  it('denies what no statement allows, as AWS words it', () => {
    const authorize = authorizeWith(allow('s3:GetObject', '*'));
    expect(errorOf(() => authorize('s3:PutObject', OBJECT))).toMatchObject({
      code: 'AccessDenied',
      statusCode: 403,
      message:
        'User: arn:aws:sts::123456789012:assumed-role/transformer-role/local is not authorized ' +
        `to perform: s3:PutObject on resource: "${OBJECT}" because no identity-based policy ` +
        'allows the s3:PutObject action',
    });
  });

  it('denies a resource that the statement does not name', () => {
    const authorize = authorizeWith(allow('s3:GetObject', 'arn:aws:s3:::other-bucket/*'));
    expect(() => authorize('s3:GetObject', OBJECT)).toThrow('not authorized');
  });

  it('denies everything to a role without policies', () => {
    expect(() => authorizeWith()('s3:GetObject', OBJECT)).toThrow('not authorized');
  });

  it('lets a deny outweigh an allow, whatever their order', () => {
    const deny: PolicyStatement = { Effect: 'Deny', Action: 's3:Delete*', Resource: '*' };
    const authorize = authorizeWith(deny, allow('s3:*', '*'));
    expect(() => authorize('s3:DeleteObject', OBJECT)).toThrow(
      'with an explicit deny in an identity-based policy',
    );
  });

  it('lets a deny in one policy outweigh an allow in another', () => {
    const iam = openIam();
    const deny: PolicyDocument = { Statement: { Effect: 'Deny', Action: '*', Resource: OBJECT } };
    iam.createRole({ arn: ROLE, policies: [{ Statement: allow('*', '*') }, deny] });
    const { accessKeyId } = iam.credentialsFor(ROLE);
    expect(() => iam.authorize(accessKeyId, 's3:GetObject', OBJECT)).toThrow('explicit deny');
  });

  it('ignores case in actions', () => {
    const authorize = authorizeWith(allow('S3:getobject', '*'));
    expect(() => authorize('s3:GetObject', OBJECT)).not.toThrow();
  });

  it('heeds case in resources', () => {
    const authorize = authorizeWith(allow('s3:GetObject', OBJECT.toUpperCase()));
    expect(() => authorize('s3:GetObject', OBJECT)).toThrow('not authorized');
  });

  it('takes NotAction as every other action', () => {
    const authorize = authorizeWith({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' });
    expect(() => authorize('s3:GetObject', OBJECT)).not.toThrow();
    expect(() => authorize('iam:PassRole', ROLE)).toThrow('not authorized');
  });

  it('takes NotResource as every other resource', () => {
    const authorize = authorizeWith({
      Effect: 'Allow',
      Action: 's3:GetObject',
      NotResource: ['arn:aws:s3:::raw-bucket/secret/*'],
    });
    expect(() => authorize('s3:GetObject', OBJECT)).not.toThrow();
    expect(() => authorize('s3:GetObject', 'arn:aws:s3:::raw-bucket/secret/a')).toThrow();
  });

  it('allows everything to a key that is no role', () => {
    const iam = openIam();
    expect(() => iam.authorize('AKIAPERSON', 's3:GetObject', OBJECT)).not.toThrow();
    expect(() => iam.authorize(undefined, 's3:GetObject', OBJECT)).not.toThrow();
  });

  it('goes by the latest policies of a role that was created again', () => {
    const iam = openIam();
    iam.createRole({ arn: ROLE, policies: [{ Statement: allow('s3:*', '*') }] });
    iam.createRole({ arn: ROLE, policies: [] });
    const { accessKeyId } = iam.credentialsFor(ROLE);
    expect(() => iam.authorize(accessKeyId, 's3:GetObject', OBJECT)).toThrow('not authorized');
  });
});

describe('credentialsFor', () => {
  it('gives a role the same credentials in every process', () => {
    const [first, second] = [openIam(), openIam()].map((iam) => {
      iam.createRole({ arn: ROLE, policies: [] });
      return iam.credentialsFor(ROLE);
    });
    expect(first).toEqual(second);
    expect(first?.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
  });

  it('gives two roles different keys', () => {
    const iam = openIam();
    iam.createRole({ arn: ROLE, policies: [] });
    iam.createRole({ arn: `${ROLE}-2`, policies: [] });
    expect(iam.credentialsFor(ROLE).accessKeyId).not.toBe(
      iam.credentialsFor(`${ROLE}-2`).accessKeyId,
    );
  });

  it('names a role that does not exist', () => {
    expect(() => openIam().credentialsFor(ROLE)).toThrow(`There is no role ${ROLE}.`);
  });
});

describe('createRole', () => {
  const base = { Effect: 'Allow', Action: 's3:*', Resource: '*' };
  it.each<[string, object, string]>([
    ['a Condition', { ...base, Condition: { Bool: {} } }, 'has Condition, which the local IAM'],
    ['a Principal', { ...base, Principal: '*' }, 'has Principal, which the local IAM'],
    [
      'an unknown Effect',
      { ...base, Effect: 'allow' },
      'has Effect "allow"; expected Allow or Deny',
    ],
    ['no Action', { Effect: 'Allow', Resource: '*' }, 'must have either Action or NotAction'],
    ['both Resources', { ...base, NotResource: '*' }, 'must have either Resource or NotResource'],
    [
      'a policy variable',
      { ...base, Resource: '${aws:username}' },
      'not evaluate policy variables',
    ],
    ['an unresolved intrinsic', { ...base, Resource: { Ref: 'Bucket' } }, '{"Ref":"Bucket"}'],
  ])('refuses a statement with %s', (_what, statement, message) => {
    const policy = { Statement: [statement] } as unknown as PolicyDocument;
    expect(() => openIam().createRole({ arn: ROLE, policies: [policy] })).toThrow(message);
  });

  it('names the role, the policy and the statement that it refuses', () => {
    const statement = { ...base, Sid: 'Reads', Condition: {} } as unknown as PolicyStatement;
    expect(() => openIam().createRole({ arn: ROLE, policies: [{ Statement: statement }] })).toThrow(
      `Role ${ROLE}: policy 1, statement Reads, has Condition`,
    );
  });
});

function allow(action: string, resource: string): PolicyStatement {
  return { Effect: 'Allow', Action: action, Resource: resource };
}

function authorizeWith(...statements: PolicyStatement[]): (action: string, arn: string) => void {
  const iam = openIam();
  iam.createRole({ arn: ROLE, policies: [{ Version: '2012-10-17', Statement: statements }] });
  const { accessKeyId } = iam.credentialsFor(ROLE);
  return (action, arn) => iam.authorize(accessKeyId, action, arn);
}

function errorOf(call: () => void): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}
