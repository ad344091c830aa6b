import * as fc from 'fast-check';
import {
  createDeserializer,
  type DeserializerConfig,
} from '../../src/firehose/conversion/json-deserializer';
import { contractOfTable } from '../../src/firehose/conversion/table-contract';

const OPENX: DeserializerConfig = {
  kind: 'OpenXJson',
  caseInsensitive: true,
  convertDotsToUnderscores: false,
};
const hive = (...timestampFormats: string[]): DeserializerConfig => ({
  kind: 'HiveJson',
  timestampFormats,
});

function read(types: Record<string, string>, config: DeserializerConfig, json: string | Buffer) {
  const columns = Object.entries(types).map(([name, type]) => ({ name, type }));
  const table = { databaseName: 'd', name: 't', parameters: {}, columns, partitionKeys: [] };
  return createDeserializer(contractOfTable(table), config)(Buffer.from(json as string));
}
const row = (type: string, config: DeserializerConfig, json: string) => {
  const result = read({ a: type }, config, `{"a":${json}}`);
  return 'rows' in result ? result.rows[0]?.['a'] : result.errorCode;
};

const MALFORMED = 'DataFormatConversion.MalformedData';
const PARSE_ERROR = 'DataFormatConversion.ParseError';

// https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion-concepts.html
describe('a JSON deserializer', () => {
  it('ignores what is no column, and has null for what is missing or null', () => {
    expect(read({ a: 'int', b: 'int', c: 'string' }, OPENX, '{"a":1,"x":2,"c":null}')).toEqual({
      rows: [{ a: 1, b: null, c: null }],
    });
  });

  it('takes several objects in one record', () => {
    expect(read({ a: 'int' }, OPENX, '{"a":1}{"a":2}\n {"a":3}')).toEqual({
      rows: [{ a: 1 }, { a: 2 }, { a: 3 }],
    });
  });

  it.each([
    ['[{"a":1}]', MALFORMED],
    ['7', MALFORMED],
    ['  ', MALFORMED],
    ['{"a":1', PARSE_ERROR],
    ['{"a":1}}', PARSE_ERROR],
    ['{a:1}', PARSE_ERROR],
  ])('fails the record %s', (json, errorCode) => {
    expect(read({ a: 'int' }, OPENX, json)).toMatchObject({ errorCode });
  });

  it('fails a record that is no UTF-8', () => {
    expect(read({ a: 'int' }, OPENX, Buffer.from([0x22, 0xff, 0x22]))).toMatchObject({
      errorCode: PARSE_ERROR,
    });
  });

  it('fails the whole record where one of its objects does not fit', () => {
    expect(read({ a: 'int' }, OPENX, '{"a":1}{"a":"x"}')).toEqual({
      errorCode: MALFORMED,
      errorMessage: 'Data does not match the schema. The value of a is "x".',
    });
  });

  it.each([
    ['string', '"é\\n"', 'é\n'],
    ['string', '1.50', '1.50'],
    ['string', '{"b": [1]}', '{"b": [1]}'],
    ['int', '2147483647', 2147483647],
    ['int', '"12"', 12],
    ['int', '2147483648', MALFORMED],
    ['int', '1.5', MALFORMED],
    ['int', 'true', MALFORMED],
    ['decimal(10,2)', '19.99', 1999n],
    ['decimal(10,2)', '"19.99"', 1999n],
    ['decimal(10,2)', '19.999', MALFORMED],
    ['decimal(10,2)', '123456789', MALFORMED],
    ['decimal(38,2)', '123456789012345678901234567890.12', 12345678901234567890123456789012n],
    ['date', '"2026-02-28"', 20512],
    ['date', '"2026-02-30"', MALFORMED],
    ['timestamp', '"2017-02-07T15:13:01.392Z"', Date.UTC(2017, 1, 7, 15, 13, 1, 392)],
    ['timestamp', '"2017-2-7 15:13:01.14"', Date.UTC(2017, 1, 7, 15, 13, 1, 140)],
    ['timestamp', '1518033528', 1518033528000],
    ['timestamp', '1518033528123', 1518033528123],
    ['timestamp', '1518033528.123', 1518033528123],
    ['timestamp', '"yesterday"', MALFORMED],
  ])('OpenX reads the %s %s', (type, json, expected) => {
    expect(row(type, OPENX, json)).toBe(expected);
  });

  it('OpenX compares names without case, unless told otherwise', () => {
    expect(read({ ab: 'int' }, OPENX, '{"aB":1}')).toEqual({ rows: [{ ab: 1 }] });
    const exact = { ...OPENX, caseInsensitive: false };
    expect(read({ ab: 'int' }, exact, '{"aB":1}')).toEqual({ rows: [{ ab: null }] });
  });

  it('OpenX takes dots for underscores where it is told to', () => {
    const dots = { ...OPENX, convertDotsToUnderscores: true };
    expect(read({ a_b: 'int' }, dots, '{"a.b":1}')).toEqual({ rows: [{ a_b: 1 }] });
  });

  it.each([
    ['int', '"12"', MALFORMED],
    ['decimal(10,2)', '"1.5"', MALFORMED],
    ['string', '{"b":1}', MALFORMED],
    ['string', '12', '12'],
    ['timestamp', '"2017-02-07 15:13:01"', Date.UTC(2017, 1, 7, 15, 13, 1)],
    ['timestamp', '"2017-02-07T15:13:01Z"', MALFORMED],
  ])('Hive reads the %s %s', (type, json, expected) => {
    expect(row(type, hive(), json)).toBe(expected);
  });

  // https://docs.aws.amazon.com/firehose/latest/APIReference/API_HiveJsonSerDe.html
  it('Hive reads timestamps by the first format that fits', () => {
    const formats = hive("yyyy-MM-dd'T'HH:mm:ss.SSSZ", 'dd/MM/yyyy', 'millis');
    expect(row('timestamp', formats, '"2017-02-07T15:13:01.250+02:00"')).toBe(
      Date.UTC(2017, 1, 7, 13, 13, 1, 250),
    );
    expect(row('timestamp', formats, '"07/02/2017"')).toBe(Date.UTC(2017, 1, 7));
    expect(row('timestamp', formats, '1486480381250')).toBe(1486480381250);
    expect(row('timestamp', formats, '"31/02/2017"')).toBe(MALFORMED);
  });

  it('reads any exact decimal of up to 38 digits, as a number or as text', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }), (unscaled) => {
        const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(5, '0');
        const text = `${unscaled < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`;
        expect(row('decimal(38,4)', OPENX, text)).toBe(unscaled);
        expect(row('decimal(38,4)', OPENX, `"${text}"`)).toBe(unscaled);
      }),
      { seed: 1 },
    );
  });

  it('reads the strings of any objects written one after another', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1 }),
        fc.constantFrom('', ' ', '\n'),
        (texts, gap) => {
          const json = texts.map((a) => JSON.stringify({ x: { a: '}{' }, a })).join(gap);
          expect(read({ a: 'string' }, OPENX, json)).toEqual({ rows: texts.map((a) => ({ a })) });
        },
      ),
      { seed: 2 },
    );
  });
});
