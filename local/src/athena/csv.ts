const QUOTE = 0x22;
const NEWLINE = 0x0a;

/** A row as Athena writes it to its CSV results: each value in quotes, NULL as nothing at all. */
export function csvRow(values: readonly (string | null)[]): string {
  const fields = values.map((value) => (value === null ? '' : `"${value.replaceAll('"', '""')}"`));
  return `${fields.join(',')}\n`;
}

/** The values of a row that `csvRow` wrote, without its newline. */
export function parseCsvRow(row: string): (string | null)[] {
  const values: (string | null)[] = [];
  let at = 0;
  for (;;) {
    if (row[at] === '"') {
      let end = row.indexOf('"', at + 1);
      while (row[end + 1] === '"') end = row.indexOf('"', end + 2);
      values.push(row.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 1;
    } else values.push(null);
    if (row[at] !== ',') return values;
    at += 1;
  }
}

/** A row's bytes without its newline, and where the next begins, counted from the first chunk. */
export interface RowBytes {
  bytes: Buffer;
  end: number;
}

/**
 * Cuts a file into rows as it comes in.
 *
 * @param quoted whether a newline between quotes belongs to its row, as in CSV
 */
export async function* rowsOf(
  chunks: AsyncIterable<Uint8Array>,
  quoted: boolean,
): AsyncGenerator<RowBytes> {
  let pending: Buffer = Buffer.alloc(0);
  let pendingFrom = 0;
  let at = 0;
  let inQuotes = false;
  for await (const chunk of chunks) {
    pending = Buffer.concat([pending, chunk]);
    let start = 0;
    for (; at < pending.length; at++) {
      const byte = pending[at];
      if (byte === QUOTE && quoted) inQuotes = !inQuotes;
      else if (byte === NEWLINE && !inQuotes) {
        yield { bytes: pending.subarray(start, at), end: pendingFrom + at + 1 };
        start = at + 1;
      }
    }
    pending = pending.subarray(start);
    pendingFrom += start;
    at -= start;
  }
}
