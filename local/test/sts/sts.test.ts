import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import type { AwsContext } from '../../src/core/aws-context';
import { ManualClock } from '../../src/core/clock';
import { serveAws, type HttpServer } from '../../src/core/http-server';
import { openIam } from '../../src/iam/iam';
import { openSts } from '../../src/sts/sts';

const ROLE = 'arn:aws:iam::123456789012:role/transformer-role';
const iam = openIam();
let server: HttpServer;

beforeAll(async () => {
  iam.createRole({ arn: ROLE, policies: [] });
  const context: AwsContext = {
    accountId: '123456789012',
    region: 'eu-central-1',
    clock: new ManualClock(0),
    stateDir: '/nonexistent',
    endpoint: () => `http://127.0.0.1:${server.port}`,
    tell: () => undefined,
    authorize: (key, action, arn) => iam.authorize(key, action, arn),
  };
  const sts = openSts(context, { callerArn: (key) => iam.callerArn(key) });
  server = await serveAws(
    0,
    () => sts.handler,
    (error) => {
      throw error;
    },
  );
});

afterAll(() => server.close());

it('tells a person that they are the root user of the local account', async () => {
  const identity = await clientWith({ accessKeyId: 'AKIAPERSON', secretAccessKey: 'any' }).send(
    new GetCallerIdentityCommand({}),
  );
  expect(identity).toMatchObject({
    Account: '123456789012',
    Arn: 'arn:aws:iam::123456789012:root',
    UserId: '123456789012',
  });
});

it('tells a function the role it runs as', async () => {
  const credentials = iam.credentialsFor(ROLE);
  const identity = await clientWith(credentials).send(new GetCallerIdentityCommand({}));
  expect(identity).toMatchObject({
    Account: '123456789012',
    Arn: 'arn:aws:sts::123456789012:assumed-role/transformer-role/local',
    UserId: `${credentials.accessKeyId}:local`,
  });
});

it('refuses another action by name', async () => {
  const call = clientWith({ accessKeyId: 'AKIAPERSON', secretAccessKey: 'any' }).send(
    new GetSessionTokenCommand({}),
  );
  await expect(call).rejects.toMatchObject({
    name: 'InvalidAction',
    message: 'The local STS has no action "GetSessionToken"; it answers GetCallerIdentity only.',
  });
});

function clientWith(credentials: { accessKeyId: string; secretAccessKey: string }): STSClient {
  const endpoint = `http://127.0.0.1:${server.port}`;
  return new STSClient({ endpoint, region: 'eu-central-1', credentials, maxAttempts: 1 });
}
