import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { orderEvents } from '@saleslake/shared/tables/order-events';
import { findTable, tables } from '@saleslake/shared/tables/index';
import type { Stage } from '../stage';
import type { DayRange } from './day-range';
import { rawObjectsOfDays, type RawObject } from './raw-objects';
import { backupOfDays } from './stream-backup';

/** What there is of a table to be done again, for some days. */
export interface ReplayPlan {
  /** Raw objects, which the transformer does again, each exactly once. */
  objects: RawObject[];
  /** What Firehose kept of records, where putting them again makes no row of a view double. */
  backup: RawObject[];
  /** As above, where it would. */
  doubling: RawObject[];
}

/** The tables whose views take each change once, however often it stands in the files. */
const TAKEN_ONCE: readonly string[] = [orderEvents.name];

/**
 * Looks up what a replay of a table's days would do.
 * @throws SaleslakeError where there is no such table, nothing of these days, or nothing that can
 * be replayed without making rows double.
 */
export async function planReplay(stage: Stage, table: string, days: DayRange): Promise<ReplayPlan> {
  if (!findTable(table)) {
    const names = tables.map(({ name }) => name).join(', ');
    throw new SaleslakeError('NoSuchTable', `There is no table ${table}; there is: ${names}.`);
  }
  const [objects, kept] = await Promise.all([
    rawObjectsOfDays(stage, table, days),
    backupOfDays(stage, table, days),
  ]);
  const once = TAKEN_ONCE.includes(table);
  const plan = { objects, backup: once ? kept : [], doubling: once ? [] : kept };
  if (objects.length > 0 || plan.backup.length > 0) return plan;
  const range = `${days.from} to ${days.to}`;
  if (plan.doubling.length > 0) {
    throw new SaleslakeError(
      'WouldDouble',
      `What ${table} has of ${range} came by Firehose, and is not replayed: its rows would stand ` +
        'in the files twice, and nothing takes them once. Only objects under raw/ are replayed.',
    );
  }
  throw new SaleslakeError('NothingToReplay', `There is nothing of ${table} from ${range}.`);
}
