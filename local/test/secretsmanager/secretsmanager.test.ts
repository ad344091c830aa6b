import { rmSync } from 'node:fs';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  paginateListSecrets,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
  type CreateSecretCommandInput,
  type DeleteSecretCommandInput,
  type PutSecretValueCommandInput,
} from '@aws-sdk/client-secrets-manager';
import type { AwsContext } from '../../src/core/aws-context';
import { ManualClock } from '../../src/core/clock';
import { serveAws, type HttpServer } from '../../src/core/http-server';
import { openIam } from '../../src/iam/iam';
import { openSecretsManager } from '../../src/secretsmanager/secretsmanager';
import { freshStateDir } from '../support/state-dir';

const START = Date.UTC(2025, 0, 15, 12);
const DAY_MS = 86_400_000;
const ROLE = 'arn:aws:iam::000000000000:role/notify';
const NAME = 'saleslake/webhook';
const ARN = `arn:aws:secretsmanager:us-east-1:000000000000:secret:${NAME}`;

let stateDir: string;
let clock: ManualClock;
let server: HttpServer;
let client: SecretsManagerClient;
const iam = openIam();

async function open(): Promise<void> {
  const context: AwsContext = {
    accountId: '000000000000',
    region: 'us-east-1',
    clock,
    stateDir,
    endpoint: () => `http://127.0.0.1:${server.port}`,
    tell: () => undefined,
    authorize: (key, action, arn) => iam.authorize(key, action, arn),
  };
  const { handler } = openSecretsManager(context);
  server = await serveAws(
    0,
    () => handler,
    (error) => {
      throw error;
    },
  );
  client = clientWith({ accessKeyId: 'person', secretAccessKey: 'x' });
}

beforeEach(async () => {
  stateDir = freshStateDir();
  clock = new ManualClock(START);
  await open();
});

afterEach(async () => {
  await server.close();
  rmSync(stateDir, { recursive: true });
});

async function restart(): Promise<void> {
  await server.close();
  await open();
}

function clientWith(credentials: { accessKeyId: string; secretAccessKey: string }) {
  const endpoint = `http://127.0.0.1:${server.port}`;
  return new SecretsManagerClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
}

const create = (input: Partial<CreateSecretCommandInput> = {}) =>
  client.send(new CreateSecretCommand({ Name: NAME, SecretString: 'one', ...input }));

const put = (input: Partial<PutSecretValueCommandInput>) =>
  client.send(new PutSecretValueCommand({ SecretId: NAME, ...input }));

const remove = (input: Partial<DeleteSecretCommandInput> = {}) =>
  client.send(new DeleteSecretCommand({ SecretId: NAME, ...input }));

const valueOf = async (input: object = {}): Promise<string | undefined> =>
  (await client.send(new GetSecretValueCommand({ SecretId: NAME, ...input }))).SecretString;

describe('a secret', () => {
  it('keeps its value over a restart', async () => {
    const { VersionId } = await create();
    await restart();
    expect(await client.send(new GetSecretValueCommand({ SecretId: NAME }))).toMatchObject({
      Name: NAME,
      ARN: expect.stringMatching(`^${ARN}-[A-Za-z0-9]{6}$`) as string,
      SecretString: 'one',
      VersionId,
      VersionStages: ['AWSCURRENT'],
      CreatedDate: new Date(START),
    });
  });

  it('has the same ARN each time that it is made', async () => {
    const first = await create();
    await remove({ ForceDeleteWithoutRecovery: true });
    expect((await create()).ARN).toBe(first.ARN);
  });

  it('is found by its name, its ARN, and its ARN without the random part', async () => {
    const { ARN: whole } = await create();
    for (const SecretId of [NAME, whole, ARN]) expect(await valueOf({ SecretId })).toBe('one');
  });

  it('may be bytes', async () => {
    const SecretBinary = new Uint8Array([0, 255, 10]);
    await create({ SecretString: undefined, SecretBinary });
    const answer = await client.send(new GetSecretValueCommand({ SecretId: NAME }));
    expect([...(answer.SecretBinary ?? [])]).toEqual([0, 255, 10]);
    expect(answer.SecretString).toBeUndefined();
  });

  it('is made once', async () => {
    await create();
    await expect(create()).rejects.toMatchObject({ name: 'ResourceExistsException' });
  });

  it.each<[string, Partial<CreateSecretCommandInput>, string]>([
    ['a name that holds a space', { Name: 'a b' }, 'a b'],
    ['both values', { SecretBinary: new Uint8Array([1]) }, 'both'],
    ['more than 64 KiB', { SecretString: 'a'.repeat(65_537) }, '65537'],
    ['a key that is not emulated', { KmsKeyId: 'k' }, 'KmsKeyId'],
  ])('is refused with %s', async (_, input, named) => {
    const refusal = create(input);
    await expect(refusal).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(refusal).rejects.toThrow(named);
  });
});

describe('another value', () => {
  it('becomes current, and the one before it previous', async () => {
    await create();
    await put({ SecretString: 'two' });
    await put({ SecretString: 'three' });
    expect(await valueOf()).toBe('three');
    expect(await valueOf({ VersionStage: 'AWSPREVIOUS' })).toBe('two');
    const { VersionIdsToStages = {} } = await client.send(
      new DescribeSecretCommand({ SecretId: NAME }),
    );
    expect(Object.values(VersionIdsToStages)).toEqual([['AWSPREVIOUS'], ['AWSCURRENT']]);
  });

  it('stands beside the current one where it has a stage of its own', async () => {
    await create();
    const { VersionId } = await put({ SecretString: 'two', VersionStages: ['AWSPENDING'] });
    expect(await valueOf()).toBe('one');
    expect(await valueOf({ VersionId })).toBe('two');
    expect(await valueOf({ VersionStage: 'AWSPENDING' })).toBe('two');
  });

  it('is put once where it is put again with its token', async () => {
    await create();
    const ClientRequestToken = '0c2f8f5e-0000-4000-8000-000000000001';
    await put({ SecretString: 'two', ClientRequestToken });
    await put({ SecretString: 'two', ClientRequestToken });
    expect(await valueOf({ VersionStage: 'AWSPREVIOUS' })).toBe('one');
    const other = put({ SecretString: 'three', ClientRequestToken });
    await expect(other).rejects.toMatchObject({ name: 'ResourceExistsException' });
  });

  it('is not found where there is none', async () => {
    await create();
    await expect(valueOf({ VersionStage: 'AWSPREVIOUS' })).rejects.toThrow(
      'staging label AWSPREVIOUS',
    );
    await expect(valueOf({ SecretId: 'gone' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('a deleted secret', () => {
  it('tells nothing any more, and is gone after its recovery window', async () => {
    await create();
    const { DeletionDate } = await remove({ RecoveryWindowInDays: 7 });
    expect(DeletionDate).toEqual(new Date(START + 7 * DAY_MS));
    await restart();
    await expect(valueOf()).rejects.toMatchObject({ name: 'InvalidRequestException' });
    await expect(create()).rejects.toMatchObject({ name: 'InvalidRequestException' });
    clock.advance(7 * DAY_MS);
    await expect(valueOf()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(create()).resolves.toBeDefined();
  });

  it.each([6, 31])('has no recovery window of %i days', async (RecoveryWindowInDays) => {
    await create();
    await expect(remove({ RecoveryWindowInDays })).rejects.toThrow('from 7 to 30');
  });
});

describe('the list', () => {
  it('shows no values, and deleted secrets only on demand', async () => {
    await create({ Description: 'of the alerts' });
    await create({ Name: 'deleted' });
    await remove({ SecretId: 'deleted' });
    const { SecretList } = await client.send(new ListSecretsCommand({}));
    expect(SecretList).toMatchObject([{ Name: NAME, Description: 'of the alerts' }]);
    expect(JSON.stringify(SecretList)).not.toContain('one');
    const all = await client.send(new ListSecretsCommand({ IncludePlannedDeletion: true }));
    expect(all.SecretList?.map(({ Name }) => Name)).toEqual(['deleted', NAME]);
  });

  it('comes in pages', async () => {
    for (const Name of ['c', 'a', 'b']) await create({ Name });
    const pages: unknown[] = [];
    for await (const { SecretList } of paginateListSecrets({ client, pageSize: 2 }, {})) {
      pages.push(SecretList?.map(({ Name }) => Name));
    }
    expect(pages).toEqual([['a', 'b'], ['c']]);
  });
});

describe('a function', () => {
  async function read(pattern: string): Promise<string | undefined> {
    const Resource = pattern;
    const Action = 'secretsmanager:GetSecretValue';
    iam.createRole({
      arn: ROLE,
      policies: [{ Statement: { Effect: 'Allow', Action, Resource } }],
    });
    const own = clientWith(iam.credentialsFor(ROLE));
    return (await own.send(new GetSecretValueCommand({ SecretId: NAME }))).SecretString;
  }

  it('reads the secret that its role names, the six characters left open', async () => {
    await create();
    expect(await read(`${ARN}-??????`)).toBe('one');
  });

  it.each([ARN, `${ARN}-other-??????`])('does not read it by a role for %s', async (pattern) => {
    await create();
    await expect(read(pattern)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

it('refuses by name an operation that it does not have', async () => {
  await expect(client.send(new RestoreSecretCommand({ SecretId: NAME }))).rejects.toThrow(
    'secretsmanager.RestoreSecret',
  );
});
