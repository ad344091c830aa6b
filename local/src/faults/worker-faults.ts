import type { OrderedFault } from './fault';

/** A worker that is to die at one of its calls to AWS. */
export interface CondemnedWorker {
  ordered: OrderedFault;
  /** Ends the worker at once. */
  kill: () => Promise<void>;
}

/** The workers that are to die at a call, by the session tokens that their calls carry. */
export interface WorkerFaults {
  /** Condemns a worker for the invocation that it begins; the returned function ends that. */
  condemn(sessionToken: string, worker: CondemnedWorker): () => void;
  /** Counts a call; the worker where this is the call that it is to die at. */
  called(sessionToken: string): CondemnedWorker | undefined;
  clear(): void;
}

export function openWorkerFaults(): WorkerFaults {
  const condemned = new Map<string, { worker: CondemnedWorker; calls: number }>();
  return {
    condemn(sessionToken, worker) {
      const entry = { worker, calls: 0 };
      condemned.set(sessionToken, entry);
      return () => {
        if (condemned.get(sessionToken) === entry) condemned.delete(sessionToken);
      };
    },
    called(sessionToken) {
      const entry = condemned.get(sessionToken);
      if (!entry) return undefined;
      entry.calls += 1;
      const { fault } = entry.worker.ordered;
      return 'call' in fault && fault.call === entry.calls ? entry.worker : undefined;
    },
    clear: () => condemned.clear(),
  };
}
