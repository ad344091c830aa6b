import { STAGE_ROWS } from '@saleslake/shared/decode/kernel-source';
import { leaveStage, takeStage, type Stage } from '@saleslake/shared/decode/stage';
import { transactions } from '@saleslake/shared/tables/transactions';

/** Has the stage know the keys `first` … `first + count - 1`. @returns how many it has known already. */
function addKeys({ keys, keyed }: Stage, first: number, count: number): number {
  let known = 0;
  keyed.bad.fill(0);
  for (let from = first; from < first + count; from += STAGE_ROWS) {
    for (let i = 0; i < STAGE_ROWS; i++) keyed.keys[i * 2] = from + i;
    keys.add(STAGE_ROWS, keyed, () => known++);
  }
  return known;
}

describe('the stage that an object leaves behind', () => {
  it('is used for the next object of the table, and knows no key of the one before', () => {
    const stage = takeStage(transactions);
    addKeys(stage, 0, STAGE_ROWS);
    leaveStage(transactions, stage);
    const next = takeStage(transactions);
    expect(next).toBe(stage);
    expect(addKeys(next, 0, STAGE_ROWS)).toBe(0);
  });

  it('is not kept with the memory of more than a million keys', () => {
    const stage = takeStage(transactions);
    addKeys(stage, 0, 1_800_000);
    leaveStage(transactions, stage);
    expect(takeStage(transactions)).not.toBe(stage);
  });
});
