import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FirehoseTransformationEvent } from 'aws-lambda';

export interface FaultyTransformer {
  /** Speaks as much of Lambda's API as an invocation needs. */
  endpoint: string;
  /** How many invocations ended in a death so far. */
  deaths(): number;
  close(): void;
}

/** Deaths among invocations. */
const DIES_BEFORE = 0.15;
const DIES_AFTER = 0.15;

/**
 * The project's Firehose record transformer, which now and then dies: before it has done anything,
 * or after it has done everything, with its answer lost.
 */
export async function openFaultyTransformer(random: () => number): Promise<FaultyTransformer> {
  process.env['STREAM_PREFIX'] = 'saleslake-local-';
  process.env['POWERTOOLS_LOG_LEVEL'] = 'SILENT';
  process.env['POWERTOOLS_METRICS_DISABLED'] = 'true';
  const { handler } = await import('../../../services/firehose-transformer/src/handler');
  let deaths = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void (async () => {
        const dice = random();
        const event = JSON.parse(Buffer.concat(chunks).toString()) as FirehoseTransformationEvent;
        const answer = dice < DIES_BEFORE ? undefined : await handler(event);
        if (answer && dice >= DIES_BEFORE + DIES_AFTER) {
          response.end(JSON.stringify(answer));
          return;
        }
        deaths += 1;
        response.setHeader('x-amz-function-error', 'Unhandled');
        response.end('{"errorType":"Runtime.ExitError","errorMessage":"died on purpose"}');
      })();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    deaths: () => deaths,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
