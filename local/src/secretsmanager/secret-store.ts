import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DurableMap } from '../core/durable-map';
import type { AwsContext } from '../core/aws-context';
import { resourceNotFound } from './secretsmanager-error';

/** What a version holds: text, or bytes as base64. */
export type SecretValue = { SecretString: string } | { SecretBinary: string };

export interface SecretVersion {
  id: string;
  /** Milliseconds since the epoch, as every time here. */
  createdAt: number;
  /** AWSCURRENT, AWSPREVIOUS and the caller's own; each is at one version at most. */
  stages: string[];
  value: SecretValue;
}

export interface Secret {
  name: string;
  arn: string;
  description?: string;
  createdAt: number;
  changedAt: number;
  accessedAt?: number;
  deletedAt?: number;
  /** When a deleted secret is gone for good. */
  goneAt?: number;
  /** In the order of their making. */
  versions: SecretVersion[];
}

export interface SecretStore {
  arnOf(name: string): string;
  /**
   * By name, by ARN, or by ARN without its last seven characters. Throws ResourceNotFoundException.
   */
  get(secretId: string): Secret;
  find(name: string): Secret | undefined;
  /** On disk when it returns. */
  put(secret: Secret): void;
  remove(secret: Secret): void;
  /** By name, deleted ones among them. */
  all(): Secret[];
}

/** Opens the secrets under `<stateDir>/secretsmanager`, one file each, in plain text. */
export function openSecretStore(context: AwsContext): SecretStore {
  const secrets = new DurableMap<Secret>(join(context.stateDir, 'secretsmanager'));
  const prefix = `arn:aws:secretsmanager:${context.region}:${context.accountId}:secret:`;

  const find = (name: string): Secret | undefined => {
    const secret = secrets.get(keyOf(name));
    const gone = secret?.goneAt !== undefined && context.clock.now() >= secret.goneAt;
    return gone ? undefined : secret;
  };
  const all = (): Secret[] =>
    secrets
      .entries()
      .flatMap(([, { name }]) => find(name) ?? [])
      .sort((a, b) => (a.name < b.name ? -1 : 1));

  return {
    arnOf: (name) => `${prefix}${name}-${sixCharacters(name)}`,
    find,
    get(secretId) {
      const found = secretId.startsWith('arn:')
        ? all().find(({ arn, name }) => secretId === arn || secretId === prefix + name)
        : find(secretId);
      if (!found) throw resourceNotFound("Secrets Manager can't find the specified secret.");
      return found;
    },
    put: (secret) => secrets.set(keyOf(secret.name), secret),
    remove: ({ name }) => secrets.delete(keyOf(name)),
    all,
  };
}

/** AWS draws them at random; here a secret has the same ARN each time that it is made. */
function sixCharacters(name: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  const bytes = createHash('sha256').update(name).digest().subarray(0, 6);
  return [...bytes].map((byte) => alphabet.charAt(byte % alphabet.length)).join('');
}

// A name holds slashes.
function keyOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}
