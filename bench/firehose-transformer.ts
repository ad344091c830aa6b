import { randomUUID } from 'node:crypto';
import { cpus } from 'node:os';
import { createLogger } from '@saleslake/shared/runtime/logger';
import { createCatalogue } from '@saleslake/shared/synthetic/catalogue';
import { below, randomStream } from '@saleslake/shared/synthetic/random';
import type { FirehoseTransformationEvent } from 'aws-lambda';
import { transformBatch } from '../services/firehose-transformer/src/transform-batch';

/**
 * How long the Firehose record transformer takes for a full batch of small records, against bare
 * JSON.parse and JSON.stringify of the same records, which have no base64 to decode and encode, no
 * rules to check and no row to make. Both in one process, in turn, piece by piece, in CPU time
 * (garbage collection and all), so that what else the machine does counts little:
 * `npx tsx bench/firehose-transformer.ts [rounds]`.
 */
const BATCH_BYTES = 3 * 2 ** 20;
/** So many records at a time: a few milliseconds. */
const PIECE = 1000;
const WARM_UP = 5;
const rounds = Number(process.argv[2] ?? 25);

const random = randomStream('bench', 'firehose');
const catalogue = createCatalogue('bench');
const streams: Record<string, (index: number) => string> = {
  transactions: transaction,
  'order-events': orderChange,
};

function transaction(index: number): string {
  const { price, product_id, product_name, category } = catalogue[below(random, catalogue.length)]!;
  const quantity = 1 + below(random, 5);
  return JSON.stringify({
    transaction_id: randomUUID(),
    timestamp: new Date(Date.UTC(2026, 2, 1) + index * 777).toISOString(),
    customer_id: `C${String(below(random, 500)).padStart(5, '0')}`,
    product_id,
    product_name,
    category,
    quantity,
    price: Number(price) / 100,
    total_amount: (Number(price) * quantity) / 100,
  });
}

function orderChange(index: number): string {
  const { price, product_name } = catalogue[below(random, catalogue.length)]!;
  const orderId = { S: `3fa9c1d2b07e-${String(index).padStart(5, '0')}` };
  const image = (quantity: number) => ({
    orderId,
    product_name: { S: product_name },
    quantity: { N: String(quantity) },
    price: { N: String(Number(price) / 100) },
    revision: { N: '0' },
  });
  return JSON.stringify({
    eventID: randomUUID().replaceAll('-', ''),
    eventName: 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    dynamodb: {
      ApproximateCreationDateTime: 1772366400 + Math.floor(index / 100),
      Keys: { orderId },
      NewImage: image(1 + below(random, 5)),
      OldImage: image(1 + below(random, 5)),
      SequenceNumber: String(149600003405850623541670n + BigInt(index)),
      SizeBytes: 120,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    eventSourceARN:
      'arn:aws:dynamodb:us-east-1:000000000000:table/saleslake-local-orders/stream/2026-03-01T00:00:00.000',
  });
}

/** Records of a full batch, in all 3 MB, cut into events. */
function pieces(stream: string, record: (index: number) => string) {
  const texts: string[] = [];
  for (let bytes = 0; bytes < BATCH_BYTES; bytes += Buffer.byteLength(texts.at(-1)!)) {
    texts.push(record(texts.length));
  }
  const events: { texts: string[]; event: FirehoseTransformationEvent }[] = [];
  for (let from = 0; from < texts.length; from += PIECE) {
    const some = texts.slice(from, from + PIECE);
    events.push({
      texts: some,
      event: {
        invocationId: 'bench',
        deliveryStreamArn: `arn:aws:firehose:us-east-1:000000000000:deliverystream/bench-${stream}`,
        region: 'us-east-1',
        records: some.map((text, index) => ({
          recordId: `4954698668313554428650745793632162567570${String(from + index).padStart(16, '0')}`,
          approximateArrivalTimestamp: 1772366400000,
          data: Buffer.from(text).toString('base64'),
        })),
      },
    });
  }
  return { events, records: texts.length };
}

const logger = createLogger('bench');
logger.setLogLevel('SILENT');
const dependencies = {
  streamPrefix: 'bench-',
  putBack: () => Promise.reject(new Error('Nothing is to be put back.')),
  logger,
};

async function transform(event: FirehoseTransformationEvent): Promise<void> {
  const { records } = await transformBatch(event, dependencies);
  if (records.some(({ result }) => result !== 'Ok'))
    throw new Error('A record was not answered Ok.');
}

let written = 0;
function parseAndStringify(texts: readonly string[]): void {
  for (const text of texts) written += JSON.stringify(JSON.parse(text)).length;
}

function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function measure(stream: string, record: (index: number) => string): Promise<string> {
  const { events, records } = pieces(stream, record);
  const results: { ours: number; bare: number }[] = [];
  for (let round = -WARM_UP; round < rounds; round += 1) {
    let [ours, bare] = [0, 0];
    for (const { texts, event } of events) {
      const start = cpuMilliseconds();
      parseAndStringify(texts);
      const between = cpuMilliseconds();
      await transform(event);
      bare += between - start;
      ours += cpuMilliseconds() - between;
    }
    if (round >= 0) results.push({ ours, bare });
  }
  const perSecond = sorted(results.map(({ ours }) => (records / ours) * 1000));
  const ratios = sorted(results.map(({ ours, bare }) => ours / bare));
  return [
    stream.padEnd(14),
    `${records} records`.padStart(14),
    `${Math.round(median(perSecond)).toLocaleString('en-US')} records/s`.padStart(20),
    `ratio ${median(ratios).toFixed(2)}`.padStart(12),
    `(${ratios[0]!.toFixed(2)} to ${ratios.at(-1)!.toFixed(2)} in ${rounds} rounds)`,
  ].join('  ');
}

function sorted(values: number[]): number[] {
  return values.sort((a, b) => a - b);
}

function median(values: number[]): number {
  return values[Math.floor(values.length / 2)]!;
}

async function run(): Promise<void> {
  process.stdout.write(`Node.js ${process.version}, ${cpus()[0]?.model}\n`);
  for (const [stream, record] of Object.entries(streams)) {
    process.stdout.write(`${await measure(stream, record)}\n`);
  }
  // So that no optimizer leaves out what is measured.
  if (written === 0) throw new Error('Nothing was written.');
}

void run();
