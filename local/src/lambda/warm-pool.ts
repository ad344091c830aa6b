import type { Sandbox } from './sandbox';

/** The execution environments of one function. */
export interface WarmPool {
  /** A warm sandbox or a new one; undefined where as many run as may. */
  take(): Sandbox | undefined;
  /** Gives back what `take` gave, to be kept warm. */
  giveBack(sandbox: Sandbox): void;
  /** Ends what is warm; what still runs ends when it is given back. */
  retire(): Promise<void>;
}

/**
 * Opens a pool that runs up to `limit` sandboxes at once and ends those that idle for `idleMs` of
 * real time, as their memory is real too. The one used last is reused first, so that after a
 * burst the others idle out.
 */
export function openWarmPool(start: () => Sandbox, limit: number, idleMs: number): WarmPool {
  const warm: { sandbox: Sandbox; timer: NodeJS.Timeout }[] = [];
  let running = 0;
  let retired = false;

  const takeWarm = (): Sandbox | undefined => {
    for (let last = warm.pop(); last; last = warm.pop()) {
      clearTimeout(last.timer);
      if (last.sandbox.usable()) return last.sandbox;
    }
    return undefined;
  };

  return {
    take() {
      if (running >= limit) return undefined;
      const sandbox = takeWarm() ?? start();
      running += 1;
      return sandbox;
    },

    giveBack(sandbox) {
      running -= 1;
      if (retired || !sandbox.usable()) return void sandbox.close();
      const entry = {
        sandbox,
        timer: setTimeout(() => {
          warm.splice(warm.indexOf(entry), 1);
          void sandbox.close();
        }, idleMs),
      };
      entry.timer.unref();
      warm.push(entry);
    },

    async retire() {
      retired = true;
      const idle = warm.splice(0);
      await Promise.all(
        idle.map(({ sandbox, timer }) => {
          clearTimeout(timer);
          return sandbox.close();
        }),
      );
    },
  };
}
