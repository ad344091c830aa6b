import type { SubscriptionConfig } from '../../src/sns/sns';
import { freshStateDir } from '../support/state-dir';
import {
  DEAD_LETTERS,
  emptyTargets,
  noSuchQueue,
  FUNCTION,
  QUEUE,
  startSns,
  subscription,
  TOPIC,
  type LocalSns,
  type StartOptions,
  type Targets,
} from './local-sns';

let running: LocalSns[];
let stateDir: string;
let targets: Targets;

beforeEach(() => {
  running = [];
  stateDir = freshStateDir();
  targets = emptyTargets();
});

afterEach(async () => {
  for (const local of running) await local.close();
});

async function start(options: StartOptions = {}): Promise<LocalSns> {
  const local = await startSns({ stateDir, targets, ...options });
  running.push(local);
  return local;
}

/** Another process on the same files. A stop writes nothing, so they are as a kill leaves them. */
async function restart(local: LocalSns, options: StartOptions = {}): Promise<LocalSns> {
  running = running.filter((other) => other !== local);
  await local.close();
  return start({ clock: local.clock, ...options });
}

const messages = (): string[] =>
  targets.sent.map(({ body }) => (JSON.parse(body) as { Message: string }).Message);

const SERVER_ERROR = new Error('the disk is full');

describe('a message that cannot be delivered now', () => {
  it('is tried four times at once, twice a second apart, then ever more slowly', async () => {
    const attempts: number[] = [];
    const local = await start({ subscriptions: [subscription()] });
    targets.failures = {
      get: () => {
        attempts.push(local.clock.now() - begun);
        return SERVER_ERROR;
      },
    } as unknown as Targets['failures'];
    const begun = local.clock.now();
    local.sns.publish(TOPIC, { message: 'm' });
    local.clock.advance(160_000);
    expect(attempts.slice(0, 7)).toEqual([0, 0, 0, 0, 1000, 2000, 3000]);
    const waits = attempts.slice(6).map((at, i) => at - (attempts[i + 5] ?? 0));
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits.at(-1)).toBe(20_000);
  });

  it('arrives once what was wrong is mended', async () => {
    const local = await start({ subscriptions: [subscription()] });
    targets.failures.set(QUEUE, SERVER_ERROR);
    local.sns.publish(TOPIC, { message: 'm' });
    expect(local.sns.idle()).toBe(false);
    targets.failures.clear();
    local.clock.advance(1000);
    expect(messages()).toEqual(['m']);
    expect(local.sns.idle()).toBe(true);
  });

  it('does not hold up another subscription', async () => {
    const local = await start({
      subscriptions: [
        subscription(),
        subscription({ arn: `${TOPIC}:2`, protocol: 'lambda', endpoint: FUNCTION }),
      ],
    });
    targets.failures.set(QUEUE, SERVER_ERROR);
    local.sns.publish(TOPIC, { message: 'm' });
    expect(targets.invoked).toHaveLength(1);
  });
});

describe('a message that can never be delivered', () => {
  it('goes to the dead-letter queue of its subscription', async () => {
    const local = await start({
      subscriptions: [subscription({ deadLetterTargetArn: DEAD_LETTERS })],
    });
    targets.failures.set(QUEUE, noSuchQueue());
    local.sns.publish(TOPIC, { subject: 's', message: 'm' });
    expect(targets.sent).toMatchObject([{ arn: DEAD_LETTERS }]);
    expect(JSON.parse(targets.sent[0]?.body ?? '')).toMatchObject({ Subject: 's', Message: 'm' });
    expect(local.told).toContainEqual(
      expect.objectContaining({ what: 'dead letter', subject: 'alerts', level: 'warn' }),
    );
    expect(local.sns.idle()).toBe(true);
  });

  it.each<[string, Partial<SubscriptionConfig>]>([
    ['there is no dead-letter queue', {}],
    ['the dead-letter queue is gone too', { deadLetterTargetArn: DEAD_LETTERS }],
  ])('is told to be lost where %s', async (_, changed) => {
    const local = await start({ subscriptions: [subscription(changed)] });
    targets.failures.set(QUEUE, noSuchQueue());
    targets.failures.set(DEAD_LETTERS, noSuchQueue());
    const id = local.sns.publish(TOPIC, { message: 'm' });
    const lost = local.told.find(({ what }) => what === 'undeliverable');
    expect(lost).toMatchObject({ service: 'sns', subject: 'alerts', level: 'error' });
    expect(lost?.detail).toContain(`message ${id} is lost`);
    expect(lost?.detail).toContain('The specified queue does not exist.');
  });
});

describe('after a restart', () => {
  it('what was accepted and not delivered is delivered, in its order', async () => {
    const subscriptions = [subscription()];
    const first = await start({ subscriptions, working: false });
    const published = Array.from({ length: 12 }, (_, i) => `m${i}`);
    for (const message of published) first.sns.publish(TOPIC, { message });
    expect(messages()).toEqual([]);
    const second = await restart(first, { subscriptions });
    expect(messages()).toEqual(published);
    expect(second.sns.idle()).toBe(true);
  });

  it('what was delivered is not delivered again', async () => {
    const subscriptions = [subscription()];
    const first = await start({ subscriptions });
    first.sns.publish(TOPIC, { message: 'm' });
    await restart(first, { subscriptions });
    expect(messages()).toEqual(['m']);
  });

  it('a retry comes when it was due', async () => {
    const subscriptions = [subscription()];
    const first = await start({ subscriptions });
    targets.failures.set(QUEUE, SERVER_ERROR);
    first.sns.publish(TOPIC, { message: 'm' });
    const second = await restart(first, { subscriptions });
    targets.failures.clear();
    second.clock.advance(999);
    expect(messages()).toEqual([]);
    second.clock.advance(1);
    expect(messages()).toEqual(['m']);
  });

  it('a message to a subscription that is gone is dropped, and told', async () => {
    const first = await start({ subscriptions: [subscription()], working: false });
    first.sns.publish(TOPIC, { message: 'm' });
    const second = await restart(first);
    expect(messages()).toEqual([]);
    expect(second.sns.idle()).toBe(true);
    expect(second.told).toContainEqual(
      expect.objectContaining({ what: 'unsubscribed', level: 'warn' }),
    );
  });
});
