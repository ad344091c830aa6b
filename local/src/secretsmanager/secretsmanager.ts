import { randomUUID } from 'node:crypto';
import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import type { ServiceHandler } from '../core/aws-request';
import { jsonProtocol, type JsonOperation } from '../core/json-protocol';
import { openSecretStore, type Secret, type SecretValue } from './secret-store';
import { findVersion, withVersion } from './secret-versions';
import { invalidParameter, invalidRequest } from './secretsmanager-error';

export interface SecretsManager {
  /** AWS JSON 1.1, `X-Amz-Target: secretsmanager.<operation>`. */
  handler: ServiceHandler;
}

type Input = Record<string, unknown>;

const DAY_MS = 86_400_000;
const LARGEST_BYTES = 65_536;
const MOST_LISTED = 100;

/**
 * Opens a Secrets Manager that makes, changes, tells, lists and deletes secrets.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html
 */
export function openSecretsManager(context: AwsContext): SecretsManager {
  const store = openSecretStore(context);
  const { clock } = context;

  const authorize = (accessKeyId: string | undefined, action: string, arn: string): void => {
    try {
      context.authorize(accessKeyId, `secretsmanager:${action}`, arn);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new AwsError('AccessDeniedException', error.message);
    }
  };

  /** An operation on the secret of SecretId, for callers allowed `secretsmanager:<action>` on it. */
  const onSecret =
    (action: string, run: (secret: Secret, input: Input) => object): JsonOperation =>
    (input, { accessKeyId }) => {
      const secretId = requiredString(input, 'SecretId');
      let secret: Secret;
      try {
        secret = store.get(secretId);
      } catch (error) {
        // Who may not ask is not told that there is none.
        authorize(
          accessKeyId,
          action,
          secretId.startsWith('arn:') ? secretId : store.arnOf(secretId),
        );
        throw error;
      }
      authorize(accessKeyId, action, secret.arn);
      return run(secret, input);
    };

  const requireLive = (secret: Secret): void => {
    if (secret.deletedAt === undefined) return;
    throw invalidRequest(
      `You can't perform this operation on secret ${secret.name}: it was marked for deletion.`,
    );
  };

  return {
    handler: jsonProtocol('1.1', {
      CreateSecret(input, { accessKeyId }) {
        const name = requiredString(input, 'Name');
        const arn = store.arnOf(name);
        authorize(accessKeyId, 'CreateSecret', arn);
        if (!/^[\w/+=.@-]{1,512}$/.test(name)) {
          throw invalidParameter(
            `Invalid name ${name}: expected 1 to 512 letters, digits and /_+=.@-`,
          );
        }
        refuseOthers(input, ['Name', 'Description', ...VALUE_MEMBERS]);
        const present = store.find(name);
        if (present) {
          if (present.deletedAt !== undefined) {
            throw invalidRequest(
              `You can't create secret ${name}: one of this name is scheduled for deletion.`,
            );
          }
          throw new AwsError('ResourceExistsException', `The secret ${name} already exists.`);
        }
        const now = clock.now();
        const value = readValue(input);
        const id = optionalString(input, 'ClientRequestToken') ?? randomUUID();
        const made: Secret = {
          name,
          arn,
          description: optionalString(input, 'Description'),
          createdAt: now,
          changedAt: now,
          versions: [],
        };
        store.put(value ? withVersion(made, { id, value }, now) : made);
        return { ARN: arn, Name: name, ...(value && { VersionId: id }) };
      },

      PutSecretValue: onSecret('PutSecretValue', (secret, input) => {
        requireLive(secret);
        refuseOthers(input, ['SecretId', 'VersionStages', ...VALUE_MEMBERS]);
        const value = readValue(input);
        if (!value) throw invalidParameter('You must provide either SecretString or SecretBinary.');
        const id = optionalString(input, 'ClientRequestToken') ?? randomUUID();
        const stages = optionalStrings(input, 'VersionStages');
        const changed = withVersion(secret, { id, value, ...(stages && { stages }) }, clock.now());
        store.put(changed);
        const VersionStages = findVersion(changed, id).stages;
        return { ARN: secret.arn, Name: secret.name, VersionId: id, VersionStages };
      }),

      GetSecretValue: onSecret('GetSecretValue', (secret, input) => {
        requireLive(secret);
        const version = findVersion(
          secret,
          optionalString(input, 'VersionId'),
          optionalString(input, 'VersionStage'),
        );
        // Told by day, as AWS does: so a read is a write once a day at most.
        const accessedAt = Math.floor(clock.now() / DAY_MS) * DAY_MS;
        if (secret.accessedAt !== accessedAt) store.put({ ...secret, accessedAt });
        return {
          ARN: secret.arn,
          Name: secret.name,
          VersionId: version.id,
          VersionStages: version.stages,
          CreatedDate: seconds(version.createdAt),
          ...version.value,
        };
      }),

      DescribeSecret: onSecret('DescribeSecret', (secret) => ({
        ...describe(secret),
        VersionIdsToStages: versionStages(secret),
      })),

      ListSecrets(input, { accessKeyId }) {
        authorize(accessKeyId, 'ListSecrets', '*');
        refuseOthers(input, ['MaxResults', 'NextToken', 'IncludePlannedDeletion']);
        const most = readPageSize(input.MaxResults);
        const after = Buffer.from(optionalString(input, 'NextToken') ?? '', 'base64').toString();
        const listed = store
          .all()
          .filter(
            ({ deletedAt }) => deletedAt === undefined || input.IncludePlannedDeletion === true,
          )
          .filter(({ name }) => name > after);
        const page = listed.slice(0, most);
        const last = Buffer.from(page.at(-1)?.name ?? '').toString('base64');
        return {
          SecretList: page.map((secret) => ({
            ...describe(secret),
            SecretVersionsToStages: versionStages(secret),
          })),
          ...(listed.length > page.length && { NextToken: last }),
        };
      },

      DeleteSecret: onSecret('DeleteSecret', (secret, input) => {
        const days = input.RecoveryWindowInDays;
        const now = clock.now();
        if (input.ForceDeleteWithoutRecovery === true) {
          if (days !== undefined) {
            throw invalidParameter(
              "You can't use ForceDeleteWithoutRecovery together with RecoveryWindowInDays.",
            );
          }
          store.remove(secret);
          return { ARN: secret.arn, Name: secret.name, DeletionDate: seconds(now) };
        }
        requireLive(secret);
        const window = days ?? 30;
        if (typeof window !== 'number' || !Number.isInteger(window) || window < 7 || window > 30) {
          throw invalidParameter(
            `RecoveryWindowInDays is ${JSON.stringify(window)}; expected a whole number from 7 to 30.`,
          );
        }
        const goneAt = now + window * DAY_MS;
        store.put({ ...secret, deletedAt: now, goneAt });
        return { ARN: secret.arn, Name: secret.name, DeletionDate: seconds(goneAt) };
      }),
    }),
  };
}

const VALUE_MEMBERS = ['ClientRequestToken', 'SecretString', 'SecretBinary'];

function readValue(input: Input): SecretValue | undefined {
  const SecretString = optionalString(input, 'SecretString');
  const SecretBinary = optionalString(input, 'SecretBinary');
  if (SecretString !== undefined && SecretBinary !== undefined) {
    throw invalidParameter(
      "You can't specify both a binary secret value and a string secret value.",
    );
  }
  const bytes = Buffer.from(SecretString ?? SecretBinary ?? '', SecretBinary ? 'base64' : 'utf8');
  if (bytes.length > LARGEST_BYTES) {
    throw invalidParameter(
      `The secret value has ${bytes.length} bytes; expected at most ${LARGEST_BYTES}.`,
    );
  }
  if (SecretString !== undefined) return { SecretString };
  return SecretBinary === undefined ? undefined : { SecretBinary };
}

function describe(secret: Secret): object {
  const { arn, name, description, createdAt, changedAt, accessedAt, deletedAt } = secret;
  return {
    ARN: arn,
    Name: name,
    Description: description,
    CreatedDate: seconds(createdAt),
    LastChangedDate: seconds(changedAt),
    ...(accessedAt !== undefined && { LastAccessedDate: seconds(accessedAt) }),
    ...(deletedAt !== undefined && { DeletedDate: seconds(deletedAt) }),
  };
}

function versionStages({ versions }: Secret): Record<string, string[]> {
  return Object.fromEntries(versions.map(({ id, stages }) => [id, stages]));
}

/** The protocol's times are seconds since the epoch. */
function seconds(ms: number): number {
  return ms / 1000;
}

function requiredString(input: Input, name: string): string {
  const value = optionalString(input, name);
  if (value === undefined || value === '') throw invalidParameter(`You must provide ${name}.`);
  return value;
}

function optionalString(input: Input, name: string): string | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw invalidParameter(`${name} is ${JSON.stringify(value)}; expected a string.`);
}

function optionalStrings(input: Input, name: string): string[] | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined) return undefined;
  const isList = Array.isArray(value) && value.every((item) => typeof item === 'string');
  if (isList && value.length > 0) return value;
  throw invalidParameter(`${name} is ${JSON.stringify(value)}; expected a list of strings.`);
}

function readPageSize(given: unknown): number {
  const size = given ?? MOST_LISTED;
  if (typeof size === 'number' && Number.isInteger(size) && size >= 1 && size <= MOST_LISTED) {
    return size;
  }
  throw invalidParameter(`MaxResults is ${JSON.stringify(given)}; expected 1 to ${MOST_LISTED}.`);
}

/** What would be ignored is refused. */
function refuseOthers(input: Input, known: string[]): void {
  const other = Object.keys(input).find((name) => !known.includes(name));
  if (other === undefined) return;
  throw invalidParameter(`${other} is not emulated by the local AWS.`);
}
