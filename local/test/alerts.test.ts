import { PutObjectCommand } from '@aws-sdk/client-s3';
import { s3ClientOf } from '../src/cli/local-connection';
import { ManualClock } from '../src/core/clock';
import { bucketNames } from '../src/local-names';
import { readMailbox } from '../src/sns/mailbox';
import { startProjectAws, type ProjectAws } from './support/project-aws';

const { raw } = bucketNames();
const MINUTE = 60_000;
const START = Date.UTC(2026, 2, 2, 12);

let clock: ManualClock;
let local: ProjectAws;

beforeAll(async () => {
  clock = new ManualClock(START);
  local = await startProjectAws({ clock });
});

afterAll(() => local.close());

/** So many minutes pass, and what happens in each of them happens. */
async function pass(minutes: number): Promise<void> {
  for (let i = 0; i < minutes; i++) {
    clock.advance(MINUTE);
    await local.aws.settled();
  }
}

const putBad = (name: string): Promise<unknown> =>
  s3ClientOf(local.aws.endpoint).send(
    new PutObjectCommand({
      Bucket: raw,
      Key: `raw/transactions/date=2026-03-01/${name}.json`,
      Body: '{"transaction_id":"t-1","customer_id":"C00017","price":"a lot"}\n',
    }),
  );

const subjects = (): string[] => readMailbox(local.project.stateDir).map(({ subject }) => subject);

it('of a bad hour are one that it began and one that it is over, and of a quiet one none', async () => {
  await pass(10);
  expect(subjects()).toEqual([]);

  await putBad('first');
  await local.aws.settled();
  await pass(6);
  expect(subjects()).toEqual([
    expect.stringMatching(/^\[saleslake local\] ALARM transformer quarantine: 1 record/),
  ]);

  for (let i = 0; i < 4; i++) {
    await putBad(`again-${i}`);
    await local.aws.settled();
    await pass(3);
  }
  expect(subjects()).toHaveLength(1);

  await pass(20);
  expect(subjects()).toEqual([
    expect.anything(),
    expect.stringMatching(/^\[saleslake local\] OK transformer quarantine: over after/),
  ]);
}, 60_000);
