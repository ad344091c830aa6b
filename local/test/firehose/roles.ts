import { ManualClock } from '../../src/core/clock';
import { openIam } from '../../src/iam/iam';
import { ROLE, START } from './local-firehose';

export function contextOf() {
  return { accountId: '123456789012', region: 'us-east-1', clock: new ManualClock(START) };
}

/** The stream's role with these actions on everything, and no others. */
export function rolesAllowing(actions: string[]) {
  const iam = openIam();
  const policy = { Statement: { Effect: 'Allow' as const, Action: actions, Resource: '*' } };
  iam.createRole({ arn: ROLE, policies: [policy] });
  return {
    authorizeRole: (roleArn: string, action: string, arn: string): void =>
      iam.authorize(iam.credentialsFor(roleArn).accessKeyId, action, arn),
  };
}
