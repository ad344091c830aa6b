import { columnEntries, type TableContract } from '../contract/table-contract';

/**
 * What a row may weigh in memory beside the text of its record: 8 bytes a column, 32 where the
 * values are bigints. Together with the text that is more than the columns take, and it is the
 * same for every decoder.
 */
export function rowWeight(contract: TableContract): number {
  let bytes = 0;
  for (const [, { type }] of columnEntries(contract)) {
    bytes += type.kind === 'decimal' && type.precision > 15 ? 32 : 8;
  }
  return bytes;
}
