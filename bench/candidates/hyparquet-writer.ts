import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Candidate } from './candidate';
import { parsedLines, type ParsedSale } from './parsed-lines';

export const open: Candidate = () =>
  Promise.resolve((input, outputFolder) => {
    const sales = [...parsedLines(input)];
    const times = sales.map((sale) => new Date(sale.timestamp));
    const column = (name: keyof ParsedSale, type: 'STRING' | 'INT32' | 'DOUBLE') => ({
      name,
      data: sales.map((sale) => sale[name]),
      type,
    });
    const buffer = parquetWriteBuffer({
      columnData: [
        column('transaction_id', 'STRING'),
        { name: 'timestamp', data: times, type: 'TIMESTAMP' },
        column('customer_id', 'STRING'),
        column('product_id', 'STRING'),
        column('product_name', 'STRING'),
        column('category', 'STRING'),
        column('quantity', 'INT32'),
        column('price', 'DOUBLE'),
        column('total_amount', 'DOUBLE'),
        { name: 'hour', data: times.map((time) => time.getUTCHours()), type: 'INT32' },
        {
          name: 'day_of_week',
          data: times.map((time) => (time.getUTCDay() + 6) % 7),
          type: 'INT32',
        },
      ],
    });
    writeFileSync(join(outputFolder, 'hyparquet.parquet'), new Uint8Array(buffer));
    return { rows: sales.length, bytes: buffer.byteLength };
  });
