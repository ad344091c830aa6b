import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import {
  catalogTable,
  closeAll,
  errorLines,
  openLocalFirehose,
  PASS,
  ROLE,
  START,
  type Options,
} from './local-firehose';

afterEach(closeAll);

const conversion = {
  databaseName: 'saleslake',
  tableName: 'transactions',
  roleArn: ROLE,
  deserializer: {
    kind: 'OpenXJson' as const,
    caseInsensitive: true,
    convertDotsToUnderscores: false,
  },
  parquetCompression: 'SNAPPY' as const,
};
const CONVERTING: Options = {
  tables: [catalogTable('transactions')],
  destination: { bufferSizeMb: 64, conversion },
};

const sale = (id: string, price: string): string =>
  `{"transaction_id":"${id}","timestamp":"2025-01-15T10:30:00.000Z","customer_id":"C1",` +
  `"product_id":"P1","product_name":"Käse","category":"food","quantity":3,"price":${price},` +
  `"total_amount":59.97,"hour":10,"day_of_week":2}`;

const arrayBuffer = (body: Buffer): ArrayBuffer => new Uint8Array(body).buffer;

// https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion.html
describe('record format conversion', () => {
  it('writes the records as one Parquet file with the columns of the table', async () => {
    const local = await openLocalFirehose(CONVERTING);
    await local.put(sale('T1', '19.99'), sale('T2', '"19.99"'));
    await local.firehose.flush();
    const [[key, body] = ['', Buffer.alloc(0)]] = Object.entries(await local.objects());
    expect(key).toMatch(/^data\/2026\/01\/02\/03\/sales-1-.*\.parquet$/);
    const rows = await parquetReadObjects({ file: arrayBuffer(body) });
    // hyparquet gives decimals as doubles, of which 19.99 is not its nearest.
    expect(rows.map((row) => ({ ...row, price: Number(row['price']).toFixed(2) }))).toEqual(
      ['T1', 'T2'].map((transaction_id) => ({
        transaction_id,
        timestamp: new Date('2025-01-15T10:30:00.000Z'),
        customer_id: 'C1',
        product_id: 'P1',
        product_name: 'Käse',
        category: 'food',
        quantity: 3,
        price: '19.99',
        total_amount: 59.97,
        hour: 10,
        day_of_week: 2,
      })),
    );
    const { schema } = parquetMetadata(arrayBuffer(body));
    expect(schema.find(({ name }) => name === 'price')).toMatchObject({ precision: 10, scale: 2 });
  });

  it('converts what the function made of a record', async () => {
    const local = await openLocalFirehose({
      ...CONVERTING,
      transformer: PASS.replace(
        'data, result',
        `data: Buffer.from('{"Quantity":7}').toString('base64'), result`,
      ),
    });
    await local.put('anything');
    await local.firehose.flush();
    const [body = Buffer.alloc(0)] = Object.values(await local.objects());
    expect(await parquetReadObjects({ file: arrayBuffer(body) })).toMatchObject([{ quantity: 7 }]);
  });

  // https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion-error-handling.html
  it('sends a record that does not fit to format-conversion-failed, and converts the others', async () => {
    const local = await openLocalFirehose(CONVERTING);
    await local.put(sale('T1', '19.99'), sale('T2', '19.999'));
    await local.firehose.flush();
    const objects = await local.objects();
    const data = Object.keys(objects).find((key) => key.startsWith('data/')) ?? '';
    expect(await parquetReadObjects({ file: arrayBuffer(objects[data]!) })).toHaveLength(1);
    expect(errorLines(objects, 'format-conversion-failed')).toEqual([
      {
        attemptsMade: 1,
        arrivalTimestamp: START,
        lastErrorCode: 'DataFormatConversion.MalformedData',
        lastErrorMessage: 'Data does not match the schema. The value of price is 19.999.',
        attemptEndingTimestamp: START,
        rawData: Buffer.from(sale('T2', '19.999')).toString('base64'),
        sequenceNumber: null,
        subSequenceNumber: null,
        dataCatalogTable: {
          catalogId: null,
          databaseName: 'saleslake',
          tableName: 'transactions',
          region: 'us-east-1',
          versionId: 'LATEST',
          catalogArn: null,
        },
      },
    ]);
  });

  it('fails every record while the catalog has no such table', async () => {
    const tables = [catalogTable('transactions')];
    const local = await openLocalFirehose({ ...CONVERTING, tables });
    tables.pop();
    await local.put(sale('T1', '19.99'));
    await local.firehose.flush();
    expect(errorLines(await local.objects(), 'format-conversion-failed')).toMatchObject([
      { lastErrorCode: 'DataFormatConversion.EntityNotFound' },
    ]);
  });

  it('takes 10,000 records through a function', async () => {
    const local = await openLocalFirehose({ ...CONVERTING, transformer: PASS });
    for (let batch = 0; batch < 20; batch++) {
      await local.put(...Array.from({ length: 500 }, (_, i) => sale(`T${batch}-${i}`, '19.99')));
    }
    await local.firehose.flush();
    const [body = Buffer.alloc(0)] = Object.values(await local.objects());
    expect(Number(parquetMetadata(arrayBuffer(body)).num_rows)).toBe(10_000);
  });
});
