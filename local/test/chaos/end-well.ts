import { ListObjectsV2Command, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { listDeadLetterQueues } from '../../src/operate/dead-letter-queues';
import { listQuarantine } from '../../src/operate/quarantine';
import { redriveQueue } from '../../src/operate/redrive';
import { replayQuarantine } from '../../src/operate/replay-quarantine';
import { localStage, type Stage } from '../../src/stage';
import type { ChaosAws } from './chaos-aws';
import type { Reconciled } from './expected-alarms';
import { invokeBySchedule } from './invoke';

const MINUTE_MS = 60_000;
/** Of the reconciler. */
const GRACE_MS = 15 * MINUTE_MS;
/** Alerting's quiet after an alert, and a little. */
const QUIET_MS = 62 * MINUTE_MS;
const ROUNDS = 5;

/** What was seen as all was brought to its end. */
export interface Ending {
  reconciled: Reconciled[];
  differences: string[];
}

/**
 * Does what a person does once faults have ended: drives dead letters again, replays what Firehose
 * gave up, and lets the reconciler and alerting look until nothing is left to tell.
 */
export async function endWell(aws: ChaosAws, reconcileFirst: boolean): Promise<Ending> {
  const reconciled: Reconciled[] = [];
  const stage = await aws.surely((endpoint) => Promise.resolve(localStage(endpoint)));

  async function reconcile(): Promise<void> {
    const now = await aws.wait(GRACE_MS + MINUTE_MS);
    reconciled.push(await look(stage, now));
    await aws.surely((endpoint) => invokeBySchedule(endpoint, 'reconciler', 'reconcile', now));
    await aws.settle();
  }

  await aws.endFaults();
  await aws.settle();
  if (reconcileFirst) await reconcile();
  for (let round = 1; round <= ROUNDS; round += 1) {
    const queues = await listDeadLetterQueues(stage);
    const held = queues.filter(({ messages }) => messages > 0);
    if (held.length === 0) break;
    for (const queue of held) {
      // Moving messages takes a second of its time.
      const [, { failures }] = await Promise.all([aws.wait(2000), redriveQueue(stage, queue)]);
      if (failures.length > 0) throw new Error(`Not redriven: ${JSON.stringify(failures)}`);
    }
    await aws.settle();
  }
  const entries = await listQuarantine(stage);
  const failed = entries.filter(({ by }) => by !== 'transformer');
  const { errors } = await replayQuarantine(stage, failed, { wait: false, patienceMs: 0 });
  const problems = errors.flatMap(({ entry, problem }) =>
    problem === undefined ? [] : [`${entry.source.key} is not replayed: ${problem}`],
  );
  await aws.settle();
  // What is missing is driven again by the first, and missed by the second.
  await reconcile();
  await reconcile();
  // Once for what came and went in the quiet after an alert, and once for what that may have left.
  for (let looks = 0; looks < 2; looks += 1) {
    const now = await aws.wait(QUIET_MS);
    await aws.surely((endpoint) => invokeBySchedule(endpoint, 'alerting', 'alert', now));
    await aws.settle();
  }
  return { reconciled, differences: problems };
}

/** What the reconciler is going to find. */
async function look({ s3, raw, curated }: Stage, now: number): Promise<Reconciled> {
  const newest = async (...prefixes: string[]): Promise<number> => {
    let latest = -Infinity;
    for (const Prefix of prefixes) {
      for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: raw, Prefix })) {
        for (const { LastModified } of page.Contents ?? []) {
          latest = Math.max(latest, LastModified?.getTime() ?? -Infinity);
        }
      }
    }
    return latest;
  };
  const minutesSince: Reconciled['minutesSince'] = {};
  for (const table of ['transactions', 'order_events']) {
    const at = await newest(`raw/${table}/`, `firehose-backup/${table}/`);
    if (at > -Infinity) minutesSince[table] = (now - at) / MINUTE_MS;
  }
  const { Contents = [] } = await s3.send(
    new ListObjectsV2Command({ Bucket: curated, Prefix: 'firehose-errors/' }),
  );
  const old = Contents.filter(
    ({ LastModified }) => (LastModified?.getTime() ?? 0) < now - GRACE_MS,
  );
  return { minutesSince, failedRecordObjects: old.length };
}
