import { formatDecimal } from './decimal';
import { columnEntries, type RowOf, type TableContract } from './table-contract';
import { formatDate, formatTimestamp } from './timestamp';

/**
 * The JSON object, on one line without its newline, that validateRow reads back as the same row.
 * Derived columns are left out: they are computed again. A decimal is a JSON number with all the
 * digits of its scale, or a string where it has more than the 15 significant digits that survive a
 * reader's double.
 */
export function toJsonLine<T extends TableContract>(contract: T, row: RowOf<T>): string {
  const values = row as Record<string, unknown>;
  const members: string[] = [];
  for (const [name, { type, derivedFrom }] of columnEntries(contract)) {
    const value = values[name];
    if (derivedFrom || value === null) continue;
    let text: string;
    if (type.kind === 'decimal') {
      const unscaled = value as bigint;
      text = formatDecimal(unscaled, type.scale);
      if (unscaled.toString().length > 15) text = `"${text}"`;
    } else if (type.kind === 'timestamp') text = `"${formatTimestamp(value as number)}"`;
    else if (type.kind === 'date') text = `"${formatDate(value as number)}"`;
    else text = JSON.stringify(value);
    members.push(`${JSON.stringify(name)}:${text}`);
  }
  return `{${members.join(',')}}`;
}
