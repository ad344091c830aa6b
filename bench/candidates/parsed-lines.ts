import { closeSync, openSync, readSync } from 'node:fs';

/** A sale as JSON.parse gives it. */
export interface ParsedSale {
  transaction_id: string;
  timestamp: string;
  customer_id: string;
  product_id: string;
  product_name: string;
  category: string;
  quantity: number;
  price: number;
  total_amount: number;
}

const READ_BYTES = 1 << 22;

/** Each line of a file through JSON.parse. */
export function* parsedLines(path: string): Generator<ParsedSale> {
  const file = openSync(path, 'r');
  const buffer = Buffer.alloc(READ_BYTES);
  let kept = 0;
  for (;;) {
    const read = readSync(file, buffer, kept, READ_BYTES - kept, null);
    const end = buffer.lastIndexOf(10, kept + read - 1) + 1;
    const lines = buffer.toString('utf8', 0, read === 0 ? kept : end).split('\n');
    for (const line of lines) if (line) yield JSON.parse(line) as ParsedSale;
    if (read === 0) break;
    buffer.copyWithin(0, end, kept + read);
    kept += read - end;
  }
  closeSync(file);
}
