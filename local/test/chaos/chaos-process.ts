/**
 * The local AWS on the project's services in a process of its own, under faults and a clock that
 * jumps. Sends its endpoint to its parent once it listens, and then does what that asks.
 * Arguments: a folder, in which the state and what is observed are kept, a file with the packaged
 * services, when time begins where it has not yet, and a plan as JSON.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultPlan } from '../../src/faults/faults';
import { startLocalAws, type LocalAws } from '../../src/local-aws';
import type { PackagedService } from '../../src/packages/package-services';
import { openJumpingClock } from './jumping-clock';
import type { Observed } from './observed';

/** What the parent asks for. */
export type Order =
  /** Time goes on until then, in jumps where nothing happens. */
  | { kind: 'run'; until: number }
  /** All that was begun is brought to its end, and delivery streams deliver. */
  | { kind: 'settle' };

/** The answer: what the time is. */
export interface Done {
  now: number;
}

const MINUTE_MS = 60_000;
/** A request that takes longer waits for a timer, as a long poll does. */
const REQUEST_MS = 100;

async function main([folder = '', services = '', startAt = '', plan = '']: string[]) {
  const opened: { aws?: LocalAws } = {};
  const requests = trackRequests(() => clock.stir());
  const clock = openJumpingClock(
    join(folder, 'time'),
    Number(startAt),
    () => !opened.aws || opened.aws.lambda.busy() || requests() || readsFiles(),
  );
  const observe = (seen: Observed): void =>
    appendFileSync(join(folder, 'observed.ndjson'), `${JSON.stringify(seen)}\n`);

  // Before CloudWatch looks, which does so at the same moments: a kill may be what follows from it.
  function observeEachMinute(): void {
    const due = (Math.floor(clock.now() / MINUTE_MS) + 1) * MINUTE_MS;
    clock.schedule(() => {
      observeEachMinute();
      const queues = opened.aws?.sqs.queues();
      if (!queues) return;
      observe({
        kind: 'minute',
        at: due,
        visible: Object.fromEntries(queues.map(({ name, visible }) => [name, visible])),
        oldest: Object.fromEntries(
          queues.map((queue) => [queue.name, queue.oldestAgeSeconds ?? 0]),
        ),
      });
    }, due - clock.now());
  }
  observeEachMinute();

  const started = await startLocalAws({
    stateDir: join(folder, 'state'),
    port: 0,
    clock,
    scheduleClock: { now: () => clock.now(), schedule: () => () => {} },
    tell({ service, what, subject }) {
      clock.stir();
      if (service !== 'lambda' || !/^invocation (failed|succeeded)$/.test(what)) return;
      const ok = what === 'invocation succeeded';
      observe({ kind: 'invocation', at: clock.now(), function: subject, ok });
    },
    services: JSON.parse(readFileSync(services, 'utf8')) as PackagedService[],
    faults: JSON.parse(plan) as FaultPlan,
  });
  opened.aws = started;

  async function settle(): Promise<void> {
    void clock.runUntil(Number.MAX_SAFE_INTEGER);
    await started.settled();
    await started.firehose.flush();
    await started.settled();
    clock.stopAt(clock.now());
  }
  process.on('message', (order: Order) => {
    void (order.kind === 'run' ? clock.runUntil(order.until) : settle()).then(() => {
      process.send?.({ now: clock.now() } satisfies Done);
    });
  });
  process.send?.(started.endpoint);
}

// Whoever runs the seed is gone.
process.once('disconnect', () => process.exit());

/** Whether requests to this process are under way that need no timer to end. */
function trackRequests(stir: () => void): () => boolean {
  const begun = new Map<ServerResponse, number>();
  subscribe('http.server.request.start', (message) => {
    const { response } = message as { request: IncomingMessage; response: ServerResponse };
    begun.set(response, performance.now());
    stir();
    response.once('close', () => {
      begun.delete(response);
      stir();
    });
  });
  return () => {
    const since = performance.now() - REQUEST_MS;
    return [...begun.values()].some((at) => at > since);
  };
}

function readsFiles(): boolean {
  return process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'));
}

void main(process.argv.slice(2));
