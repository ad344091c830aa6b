import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { FaultPlan } from '../../src/faults/faults';
import type { Done, Order } from './chaos-process';

/** The local AWS in a process that faults may end, and that is then started again. */
export interface ChaosAws {
  /** Tries a call until it is answered, as a person does. */
  surely<T>(call: (endpoint: string) => Promise<T>): Promise<T>;
  /** Lets time go on for so many milliseconds of its own. Returns what the time then is. */
  wait(ms: number): Promise<number>;
  /** Brings all that was begun to its end. Returns what the time then is. */
  settle(): Promise<number>;
  /** From here on nothing goes wrong any more. */
  endFaults(): Promise<void>;
  restarts(): number;
  /** Kills it for good. */
  close(): Promise<void>;
}

export interface ChaosAwsOptions {
  /** Of the bundled process. */
  script: string;
  folder: string;
  /** The file with the packaged services. */
  services: string;
  /** When time begins; milliseconds since the epoch. */
  startAt: number;
  plan: FaultPlan;
}

/** For one call of a person's, over restarts, in real time. */
const PATIENCE_MS = 60_000;
/** For all that was begun to end, in real time. */
const ORDER_MS = 120_000;

export function startChaosAws(options: ChaosAwsOptions): ChaosAws {
  const { script, folder, services, startAt } = options;
  let { plan } = options;
  let child: ChildProcess | undefined;
  let endpoint = '';
  let now = startAt;
  let starts = 0;
  let ended = false;
  let broken: Error | undefined;

  async function start(): Promise<void> {
    starts += 1;
    const forked = fork(script, [folder, services, String(startAt), JSON.stringify(plan)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: ['--enable-source-maps'],
      // What the SDK says of later versions of Node is no news of a run.
      env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    });
    child = forked;
    const exited = once(forked, 'exit').then(([code, signal]) => {
      if (signal === 'SIGKILL' || ended) return undefined;
      throw new Error(`The local AWS ended by itself, with ${String(signal ?? code)}.`);
    });
    const [message] = ((await Promise.race([once(forked, 'message'), exited])) ?? []) as string[];
    // A fault may strike while it begins with what the last process left.
    if (message === undefined) return ended ? undefined : start();
    endpoint = message;
    void exited.then(
      () => {
        if (!ended) starting = start();
      },
      (error: Error) => {
        broken = error;
      },
    );
  }
  let starting = start();
  starting.catch((error: Error) => (broken = error));

  async function surely<T>(call: (endpoint: string) => Promise<T>): Promise<T> {
    for (const deadline = Date.now() + PATIENCE_MS; ;) {
      await starting;
      try {
        return await call(endpoint);
      } catch (error) {
        if (broken) throw broken;
        if (Date.now() > deadline) throw error;
        await delay(50);
      }
    }
  }

  /** Whoever dies over it is asked again. */
  async function ask(order: Order): Promise<number> {
    const over = new AbortController();
    const late = delay(ORDER_MS, undefined, { signal: over.signal }).then(() => {
      throw new Error(`It did not ${order.kind} within ${ORDER_MS / 1000} s.`);
    });
    late.catch(() => undefined);
    try {
      for (;;) {
        await starting;
        if (broken) throw broken;
        const asked = child!;
        const answered = once(asked, 'message', { signal: over.signal });
        const died = once(asked, 'exit', { signal: over.signal }).then(() => undefined);
        for (const either of [answered, died]) either.catch(() => undefined);
        if (asked.exitCode === null && asked.signalCode === null) asked.send(order);
        const answer = await Promise.race([answered, died, late]);
        if (answer) return (now = (answer as [Done])[0].now);
        // Until it is noticed that it has to be started again.
        await delay(10);
      }
    } finally {
      over.abort();
    }
  }

  return {
    surely,
    wait: (ms) => ask({ kind: 'run', until: now + ms }),
    settle: () => ask({ kind: 'settle' }),
    async endFaults() {
      plan = { rules: [] };
      await surely((at) => fetch(`${at}/_saleslake/faults`, { method: 'DELETE' }));
    },
    restarts: () => starts - 1,
    async close() {
      ended = true;
      await starting.catch(() => undefined);
      if (child?.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    },
  };
}
