import { createMeasure, type Measure } from '../../src/runtime/metrics';

let measure: Measure;
let written: string[];

beforeEach(() => {
  process.env['POWERTOOLS_METRICS_NAMESPACE'] = 'saleslake/test';
  delete process.env['POWERTOOLS_METRICS_DISABLED'];
  measure = createMeasure('baker');
  written = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
});

afterEach(() => jest.restoreAllMocks());

const line = (): unknown => JSON.parse(written.join(''));

it('writes measurements as one line in the embedded metric format', () => {
  const before = Date.now();
  measure({ Loaves: 3, SecondsToBake: [1.5, 'Seconds'] });
  expect(written).toHaveLength(1);
  expect(written[0]).toMatch(/^\{.*\}\n$/);
  expect(line()).toEqual({
    _aws: {
      Timestamp: expect.any(Number) as number,
      CloudWatchMetrics: [
        {
          Namespace: 'saleslake/test',
          Dimensions: [['service']],
          Metrics: [
            { Name: 'Loaves', Unit: 'Count' },
            { Name: 'SecondsToBake', Unit: 'Seconds' },
          ],
        },
      ],
    },
    service: 'baker',
    Loaves: 3,
    SecondsToBake: 1.5,
  });
  const { _aws } = line() as { _aws: { Timestamp: number } };
  expect(_aws.Timestamp).toBeGreaterThanOrEqual(before);
  expect(_aws.Timestamp).toBeLessThanOrEqual(Date.now());
});

it('has the given dimensions and the service in one set', () => {
  measure({ Loaves: 3 }, { table: 'kitchen' });
  expect(line()).toMatchObject({
    _aws: { CloudWatchMetrics: [{ Dimensions: [['service', 'table']] }] },
    service: 'baker',
    table: 'kitchen',
  });
});

it('keeps no value and no dimension for the next line', () => {
  measure({ Loaves: 3 }, { table: 'kitchen' });
  written.length = 0;
  measure({ Crumbs: 1 });
  expect(line()).toMatchObject({ _aws: { CloudWatchMetrics: [{ Dimensions: [['service']] }] } });
  expect(Object.keys(line() as object)).toEqual(['_aws', 'service', 'Crumbs']);
});

it.each([NaN, Infinity])('refuses %s by name and writes nothing, now or later', (value) => {
  expect(() => measure({ Loaves: 3, Crumbs: value })).toThrow(
    new RangeError(`Crumbs is ${value}, not a number`),
  );
  expect(written).toEqual([]);
  measure({ Ovens: 1 });
  expect(Object.keys(line() as object)).toEqual(['_aws', 'service', 'Ovens']);
});

it('writes nothing where metrics are disabled', () => {
  process.env['POWERTOOLS_METRICS_DISABLED'] = 'true';
  measure({ Loaves: 3 });
  expect(written).toEqual([]);
});
