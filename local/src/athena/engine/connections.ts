import { mkdirSync } from 'node:fs';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { openDuckdb } from './duckdb-instance';

/** Connections to DuckDB, a few at a time. */
export interface Connections {
  /**
   * A connection that can read these folders, once one is free. `release` gives it back.
   * Rejects with the signal's reason where that comes first.
   */
  take(
    folders: readonly string[],
    signal: AbortSignal,
  ): Promise<{ connection: DuckDBConnection; release: () => void }>;
  close(): Promise<void>;
}

interface Opened {
  folders: ReadonlySet<string>;
  instance: Promise<DuckDBInstance>;
  users: number;
}

/**
 * Opens DuckDB when the first query comes. Each running query keeps a thread of libuv's pool, which
 * the file system calls of everything else need too: hence `most`.
 *
 * What DuckDB may read is fixed when it opens: where a bucket comes to it, a further instance
 * takes over, and the one before goes with its last query.
 */
export function openConnections(temporaryFolder: string, most: number): Connections {
  let current: Opened | undefined;
  let running = 0;
  let isClosed = false;
  const waiting: (() => void)[] = [];
  const drained: (() => void)[] = [];

  const shut = (opened: Opened): void => {
    void opened.instance.then(
      (instance) => instance.closeSync(),
      () => undefined, // The query that opened it was told.
    );
  };
  const instanceFor = (folders: readonly string[]): Opened => {
    if (current && folders.every((folder) => current?.folders.has(folder))) return current;
    const before = current;
    const all = new Set([...(before?.folders ?? []), ...folders]);
    mkdirSync(temporaryFolder, { recursive: true });
    const opened: Opened = {
      folders: all,
      instance: openDuckdb({ folders: [...all, temporaryFolder], temporaryFolder }),
      users: 0,
    };
    opened.instance.catch(() => {
      if (current === opened) current = undefined;
    });
    current = opened;
    if (before?.users === 0) shut(before);
    return opened;
  };
  const turn = async (signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    if (running < most) {
      running++;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const go = (): void => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
      const stop = (): void => {
        waiting.splice(waiting.indexOf(go), 1);
        reject(signal.reason as Error);
      };
      waiting.push(go);
      signal.addEventListener('abort', stop, { once: true });
    });
  };
  const endTurn = (): void => {
    const next = waiting.shift();
    if (next) next();
    else if (--running === 0) for (const done of drained.splice(0)) done();
  };

  return {
    async take(folders, signal) {
      if (isClosed) throw new Error('The query engine is closed.');
      await turn(signal);
      try {
        const opened = instanceFor(folders);
        opened.users++;
        try {
          const connection = await (await opened.instance).connect();
          let isReleased = false;
          return {
            connection,
            release() {
              if (isReleased) return;
              isReleased = true;
              connection.closeSync();
              if (--opened.users === 0 && opened !== current) shut(opened);
              endTurn();
            },
          };
        } catch (error) {
          opened.users--;
          throw error;
        }
      } catch (error) {
        endTurn();
        throw error;
      }
    },
    async close() {
      isClosed = true;
      if (running > 0) await new Promise<void>((resolve) => drained.push(resolve));
      if (current) {
        const { instance } = current;
        current = undefined;
        (await instance).closeSync();
      }
    },
  };
}
