import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { runQuery } from '../../src/query/run-query';
import { queryTarget } from '../../src/query/query-target';
import type { Stage } from '../../src/stage';

/** A valid transaction, as a line. */
export const sale = (id: string, change: object = {}): string =>
  `${JSON.stringify({
    transaction_id: id,
    timestamp: '2026-03-01T22:15:30.250Z',
    customer_id: 'C00001',
    product_id: 'P1',
    product_name: 'Desk lamp',
    category: 'Home',
    quantity: 3,
    price: 19.99,
    total_amount: 59.97,
    ...change,
  })}\n`;

/** Puts text as a raw object. */
export async function putRaw({ s3, raw }: Stage, key: string, text: string): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: raw, Key: key, Body: text }));
}

/** Rows of a statement. */
export async function ask(stage: Stage, sql: string): Promise<(string | null)[][]> {
  return (await runQuery(queryTarget(stage), sql)).rows;
}

/** A Lambda endpoint on which every invocation fails with that message, until closed. */
export async function openFailingFunctions(
  errorMessage: string,
): Promise<{ endpoint: string; close(): void }> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.setHeader('x-amz-function-error', 'Unhandled');
      response.end(JSON.stringify({ errorType: 'Error', errorMessage, trace: [] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
