import { AwsError } from '../core/aws-error';
import { resourceNotFound } from './secretsmanager-error';
import type { Secret, SecretValue, SecretVersion } from './secret-store';

const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';

/**
 * The secret with another version, which takes its stages from those that have them. Where it
 * takes AWSCURRENT, the version that was current becomes AWSPREVIOUS. The same version again
 * changes nothing. Throws ResourceExistsException where its id has another value.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
 */
export function withVersion(
  secret: Secret,
  { id, value, stages = [CURRENT] }: { id: string; value: SecretValue; stages?: string[] },
  now: number,
): Secret {
  const present = secret.versions.find((version) => version.id === id);
  if (present) {
    if (JSON.stringify(present.value) === JSON.stringify(value)) return secret;
    throw new AwsError(
      'ResourceExistsException',
      `A version of secret ${secret.name} has the ClientRequestToken ${id} and another value.`,
    );
  }
  const current = secret.versions.find((version) => version.stages.includes(CURRENT));
  const takesCurrent = stages.includes(CURRENT);
  const taken = takesCurrent && current ? [...stages, PREVIOUS] : stages;
  const others = secret.versions.map((version) => ({
    ...version,
    stages: [
      ...version.stages.filter((stage) => !taken.includes(stage)),
      ...(takesCurrent && version === current ? [PREVIOUS] : []),
    ],
  }));
  const made: SecretVersion = { id, createdAt: now, stages, value };
  // A version without a stage is deprecated: AWS deletes it some time later.
  const versions = [...others.filter((version) => version.stages.length > 0), made];
  return { ...secret, versions, changedAt: now };
}

/**
 * The version of an id, a stage, or both; the current one where neither is given.
 * Throws ResourceNotFoundException.
 */
export function findVersion(secret: Secret, id?: string, stage?: string): SecretVersion {
  const wanted = stage ?? (id === undefined ? CURRENT : undefined);
  const found = secret.versions.find(
    (version) =>
      (id === undefined || version.id === id) &&
      (wanted === undefined || version.stages.includes(wanted)),
  );
  if (found) return found;
  const what = [id && `VersionId ${id}`, wanted && `staging label ${wanted}`].filter(Boolean);
  throw resourceNotFound(
    `Secrets Manager can't find the specified secret value for ${what.join(' and ')}.`,
  );
}
