import { readFileIfPresent, writeFileAtomically } from '../core/atomic-file';

/** What has been delivered of a lane, and the object that is on its way. */
export interface LedgerEntry {
  /** The lane's records before this position are delivered. */
  through: number;
  /** An object with the lane's records before another position; its key stays what it is. */
  pending?: { key: string; through: number };
}

/** What has been delivered, by lane. On disk when a method returns. */
export interface DeliveryLedger {
  /** The records before it are delivered, whatever their lane. */
  low(): number;
  entry(laneId: string): LedgerEntry | undefined;
  /** Sets a lane's entry, and forgets those that `low` says as much as. */
  set(laneId: string, entry: LedgerEntry, low: number): void;
}

export function openDeliveryLedger(path: string): DeliveryLedger {
  const stored = JSON.parse(readFileIfPresent(path) ?? '{"low":0,"lanes":{}}') as {
    low: number;
    lanes: Record<string, LedgerEntry>;
  };
  let { low } = stored;
  const lanes = new Map(Object.entries(stored.lanes));
  return {
    low: () => low,
    entry: (laneId) => lanes.get(laneId),
    set(laneId, entry, newLow) {
      low = newLow;
      lanes.set(laneId, entry);
      for (const [id, { through, pending }] of lanes) {
        if (!pending && through <= low) lanes.delete(id);
      }
      writeFileAtomically(path, JSON.stringify({ low, lanes: Object.fromEntries(lanes) }));
    },
  };
}
