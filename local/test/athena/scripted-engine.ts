import type { QueryEngine, StatementRequest, StatementResult } from '../../src/athena/query-engine';

/** How a statement of a script is answered; what is left out is a query of no rows. */
export type Answer = Partial<Omit<StatementResult, 'rows' | 'bytesScanned'>> & {
  rows?: StatementResult['rows'];
  bytesScanned?: number;
};

export type Script = (request: StatementRequest) => Answer | Promise<Answer>;

export interface ScriptedEngine extends QueryEngine {
  requests: StatementRequest[];
  running: number;
  /** The most that ran at once. */
  mostRunning: number;
}

/** An engine for what the API does around statements, whatever they are. */
export function scriptedEngine(script: Script): ScriptedEngine {
  const engine: ScriptedEngine = {
    requests: [],
    running: 0,
    mostRunning: 0,
    async run(request) {
      engine.requests.push(request);
      engine.running += 1;
      engine.mostRunning = Math.max(engine.mostRunning, engine.running);
      try {
        const { rows = rowsIn(), bytesScanned = 0, ...answer } = await script(request);
        return {
          statementType: 'DML',
          substatementType: 'SELECT',
          columns: [column('n', 'bigint')],
          ...answer,
          rows,
          bytesScanned: () => bytesScanned,
        };
      } finally {
        engine.running -= 1;
      }
    },
    close: () => Promise.resolve(),
  };
  return engine;
}

export function column(name: string, type: string) {
  return { name, type, precision: type === 'bigint' ? 19 : 2147483647, scale: 0 };
}

export async function* rowsIn(...batches: (string | null)[][][]): StatementResult['rows'] {
  for (const batch of batches) yield await Promise.resolve(batch);
}

/** Rejects when the query is ended, and not before. */
export function untilEnded(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => reject(signal.reason as Error);
    // An event of the past is not told again.
    if (signal.aborted) end();
    else signal.addEventListener('abort', end);
  });
}
