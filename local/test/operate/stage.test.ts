import { bucketNames } from '../../src/local-names';
import { listDeadLetterQueues } from '../../src/operate/dead-letter-queues';
import { awsStage, localStage } from '../../src/stage';
import { startProjectAws, type ProjectAws } from '../support/project-aws';

const environment = process.env;
let local: ProjectAws;

beforeAll(async () => {
  local = await startProjectAws({ working: false });
  process.env = {
    ...environment,
    AWS_ENDPOINT_URL: local.aws.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'somebody',
    AWS_SECRET_ACCESS_KEY: 'secret',
  };
}, 60_000);

afterAll(async () => {
  process.env = environment;
  await local.close();
});

describe('a stage in AWS', () => {
  it('is reached by the environment alone, and has the buckets of the account', async () => {
    const stage = await awsStage('local');
    const { raw, curated } = bucketNames();
    expect(stage).toMatchObject({ name: 'local', raw, curated, prefix: 'saleslake-local-' });
    expect(await listDeadLetterQueues(stage)).toEqual(
      await listDeadLetterQueues(localStage(local.aws.endpoint)),
    );
  });

  it('that is not there is said in a sentence', async () => {
    await expect(awsStage('dev')).rejects.toMatchObject({
      code: 'NoSuchStage',
      message:
        'There is no stage dev in us-east-1 of account 000000000000: it has no bucket ' +
        'saleslake-dev-curated-000000000000.',
    });
  });

  it('that could have no such name is refused', async () => {
    await expect(awsStage('my-stage')).rejects.toThrow('expected lower-case letters and digits');
  });
});
