import type { AlarmChange } from './alarm';
import type { Evidence } from './evidence/evidence';
import { afterTelling, takeIn, whatIsDue, type Incident, type Telling } from './incident';
import type { IncidentStore, StoredIncident } from './incident-store';

export interface TellingOptions {
  store: IncidentStore;
  /** Finds out what is behind an alarm. Never fails. */
  gather: (incident: Incident, telling: Telling) => Promise<Evidence>;
  /** Sends the message; it is out when this returns. */
  publish: (incident: Incident, telling: Telling, evidence: Evidence) => Promise<void>;
  repeatMs: number;
  now: () => number;
  wait: (milliseconds: number) => Promise<void>;
}

// More than finding out and sending take. Whoever dies in between has the next one wait that long.
const CLAIM_MS = 30_000;
const WAIT_MS = 250;

/** Takes a change of an alarm's state in, durably, and tells of what is then due. */
export async function tellOfChange(change: AlarmChange, options: TellingOptions): Promise<void> {
  const { store } = options;
  for (;;) {
    const stored = await store.read(change.alarm.name);
    const incident = takeIn(stored?.incident, change);
    if (!incident) return;
    if (incident === stored?.incident) break;
    if (await store.write(incident, stored?.claimedUntil ?? 0, stored?.version)) break;
  }
  await tellWhatIsDue(change.alarm.name, options);
}

/**
 * Looks at all incidents, and tells of what has become due as time went by.
 * @throws AggregateError of what went wrong, once all others have been looked at.
 */
export async function tellOfAll(options: TellingOptions): Promise<void> {
  const { store, now, repeatMs } = options;
  const errors: unknown[] = [];
  for await (const { incident } of store.all()) {
    if (!whatIsDue(incident, now(), repeatMs)) continue;
    await tellWhatIsDue(incident.alarm.name, options).catch((error: unknown) => {
      errors.push(error);
    });
  }
  if (errors.length > 0)
    throw new AggregateError(errors, `${errors.length} incidents were not told of.`);
}

/**
 * One invocation at a time tells of an incident: whoever comes second waits, and finds it told. A
 * message is published, and then recorded: a death in between repeats it, and never loses one.
 */
async function tellWhatIsDue(alarm: string, options: TellingOptions): Promise<void> {
  const { store, now, wait, repeatMs } = options;
  for (;;) {
    const stored = await store.read(alarm);
    const due = stored && whatIsDue(stored.incident, now(), repeatMs);
    if (!due) return;
    if (stored.claimedUntil > now()) {
      await wait(WAIT_MS);
      continue;
    }
    if (!(await store.write(stored.incident, now() + CLAIM_MS, stored.version))) continue;
    const told = await tell(stored, due, options).catch(async (error: unknown) => {
      await record(alarm, (incident) => incident, store);
      throw error;
    });
    if (!told) return;
  }
}

/** Returns whether there was something to tell. */
async function tell(
  { incident }: StoredIncident,
  due: Telling,
  { store, gather, publish, now }: TellingOptions,
): Promise<boolean> {
  const evidence = await gather(incident, due);
  const same = due.news.length === 0 && evidence.mark === incident.told?.mark;
  const told = due.kind !== 'still' || !same;
  if (told) await publish(incident, due, evidence);
  const at = now();
  await record(
    incident.alarm.name,
    (latest) => (told ? afterTelling(latest, due, evidence.mark, at) : latest),
    store,
  );
  return told;
}

/** Changes what is stored, and gives the claim back; others may take changes in meanwhile. */
async function record(
  alarm: string,
  change: (incident: Incident) => Incident,
  store: IncidentStore,
): Promise<void> {
  for (;;) {
    const latest = await store.read(alarm);
    if (!latest || (await store.write(change(latest.incident), 0, latest.version))) return;
  }
}
