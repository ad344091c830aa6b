import { createHash } from 'node:crypto';
import { AwsError } from '../core/aws-error';
import { decide, readPolicy, type PolicyDocument, type Rule } from './policy';

export type { PolicyDocument, PolicyStatement } from './policy';

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}

export interface Iam {
  /**
   * Makes a role known with its inline identity policies, or replaces it.
   * Throws MalformedPolicyDocument, naming the role, for a policy that cannot be evaluated.
   */
  createRole(role: { arn: string; policies: PolicyDocument[] }): void;
  /** The credentials of a role: the same in every process. Throws NoSuchEntity for an unknown one. */
  credentialsFor(roleArn: string): Credentials;
  /**
   * Throws AccessDenied where `accessKeyId` is a role's and its policies do not allow `action`
   * (`s3:PutObject`) on the resource. Any other key is a person's, who may do everything.
   */
  authorize(accessKeyId: string | undefined, action: string, resourceArn: string): void;
  /** The assumed-role ARN of a role's key; undefined for a person's. */
  callerArn(accessKeyId: string | undefined): string | undefined;
}

interface Role {
  arn: string;
  rules: Rule[];
}

const DENIALS = {
  'explicit deny': () => 'with an explicit deny in an identity-based policy',
  'implicit deny': (action: string) =>
    `because no identity-based policy allows the ${action} action`,
};

// AWS names a function's session after the function; the local IAM has one session a role.
const SESSION_NAME = 'local';

/** Opens an IAM that knows roles and their inline policies; it keeps nothing on disk. */
export function openIam(): Iam {
  const rolesByKey = new Map<string, Role>();

  const callerArn = (accessKeyId: string | undefined): string | undefined => {
    const role = rolesByKey.get(accessKeyId ?? '');
    return role && assumedRoleArn(role.arn);
  };

  return {
    createRole({ arn, policies }) {
      const rules = policies.flatMap((policy, index) =>
        readPolicy(policy, `Role ${arn}: policy ${index + 1}`),
      );
      rolesByKey.set(accessKeyIdOf(arn), { arn, rules });
    },

    credentialsFor(roleArn) {
      const accessKeyId = accessKeyIdOf(roleArn);
      if (!rolesByKey.has(accessKeyId)) {
        throw new AwsError('NoSuchEntity', `There is no role ${roleArn}.`, 404);
      }
      return {
        accessKeyId,
        secretAccessKey: digest(`secret:${roleArn}`).toString('base64url').slice(0, 40),
        sessionToken: digest(`token:${roleArn}`).toString('base64url'),
      };
    },

    authorize(accessKeyId, action, resourceArn) {
      const role = rolesByKey.get(accessKeyId ?? '');
      if (!role) return;
      const decision = decide(role.rules, action, resourceArn);
      if (decision === 'allow') return;
      throw new AwsError(
        'AccessDenied',
        `User: ${assumedRoleArn(role.arn)} is not authorized to perform: ${action} ` +
          `on resource: "${resourceArn}" ${DENIALS[decision](action)}`,
        403,
      );
    },

    callerArn,
  };
}

/** `ASIA` marks temporary credentials; the sixteen characters after it come from the role alone. */
function accessKeyIdOf(roleArn: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bytes = digest(`key:${roleArn}`).subarray(0, 16);
  return 'ASIA' + [...bytes].map((byte) => alphabet.charAt(byte % alphabet.length)).join('');
}

function assumedRoleArn(roleArn: string): string {
  const [, partition, , , account, resource = ''] = roleArn.split(':');
  const name = resource.slice(resource.lastIndexOf('/') + 1);
  return `arn:${partition}:sts::${account}:assumed-role/${name}/${SESSION_NAME}`;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
