import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Int32,
  Table as ArrowTable,
  TimestampMillisecond,
  Utf8,
  Float64,
  tableToIPC,
  vectorFromArray,
} from 'apache-arrow';
import { Compression, Table, WriterPropertiesBuilder, writeParquet } from 'parquet-wasm';
import type { Candidate } from './candidate';
import { parsedLines, type ParsedSale } from './parsed-lines';

/** What first comes to mind: objects, Arrow's vectorFromArray, parquet-wasm as it is. */
export const open: Candidate = () =>
  Promise.resolve((input, outputFolder) => {
    const sales = [...parsedLines(input)];
    const text = (name: keyof ParsedSale) =>
      vectorFromArray(sales.map((sale) => sale[name]) as string[], new Utf8());
    const times = sales.map((sale) => new Date(sale.timestamp));
    const table = new ArrowTable({
      transaction_id: text('transaction_id'),
      timestamp: vectorFromArray(times, new TimestampMillisecond('UTC')),
      customer_id: text('customer_id'),
      product_id: text('product_id'),
      product_name: text('product_name'),
      category: text('category'),
      quantity: vectorFromArray(
        sales.map((sale) => sale.quantity),
        new Int32(),
      ),
      price: vectorFromArray(
        sales.map((sale) => sale.price),
        new Float64(),
      ),
      total_amount: vectorFromArray(
        sales.map((sale) => sale.total_amount),
        new Float64(),
      ),
      hour: vectorFromArray(
        times.map((time) => time.getUTCHours()),
        new Int32(),
      ),
      day_of_week: vectorFromArray(
        times.map((time) => (time.getUTCDay() + 6) % 7),
        new Int32(),
      ),
    });
    const properties = new WriterPropertiesBuilder().setCompression(Compression.SNAPPY).build();
    const bytes = writeParquet(Table.fromIPCStream(tableToIPC(table, 'stream')), properties);
    writeFileSync(join(outputFolder, 'naive.parquet'), bytes);
    return { rows: sales.length, bytes: bytes.length };
  });
