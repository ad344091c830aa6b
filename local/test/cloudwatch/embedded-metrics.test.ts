import { createMeasure } from '@saleslake/shared/runtime/metrics';
import { embeddedMetrics } from '../../src/cloudwatch/embedded-metrics';
import { alarmConfig, closeAll, START, startCloudWatch } from './local-cloudwatch';

afterEach(closeAll);

const document = (directives: object[], members: object = {}): string =>
  JSON.stringify({ _aws: { Timestamp: START, CloudWatchMetrics: directives }, ...members });

const DIRECTIVE = {
  Namespace: 'test',
  Dimensions: [['service']],
  Metrics: [{ Name: 'Failed', Unit: 'Count' }],
};

describe('a log line in Embedded Metric Format', () => {
  it('is a metric for each dimension set, metric and directive', () => {
    const line = document(
      [
        { ...DIRECTIVE, Dimensions: [['service'], ['service', 'table'], []] },
        { ...DIRECTIVE, Namespace: 'other', Metrics: [{ Name: 'Late' }] },
      ],
      { service: 'x', table: 'sales', Failed: 3, Late: [1, 2], free: 'text' },
    );
    const at = START;
    const failure = { namespace: 'test', name: 'Failed', values: [3], unit: 'Count', at };
    expect(embeddedMetrics(line)).toEqual([
      { ...failure, dimensions: { service: 'x' } },
      { ...failure, dimensions: { service: 'x', table: 'sales' } },
      { ...failure, dimensions: {} },
      { namespace: 'other', name: 'Late', dimensions: { service: 'x' }, values: [1, 2], at },
    ]);
  });

  it.each([
    ['a dimension that is not there', document([DIRECTIVE], { Failed: 1 }), 'service'],
    ['a metric that is no number', document([DIRECTIVE], { service: 'x', Failed: '1' }), 'Failed'],
    ['no namespace', document([{ ...DIRECTIVE, Namespace: '' }]), 'Namespace'],
    ['no time', JSON.stringify({ _aws: { CloudWatchMetrics: [DIRECTIVE] } }), 'Timestamp'],
  ])('with %s is refused, naming it', (_, line, named) => {
    expect(() => embeddedMetrics(line)).toThrow(named);
  });

  it.each(['START RequestId: 1', '{"level":"INFO"}', '{"_aws" broken', '[1]', ''])(
    'is not: %s',
    (line) => {
      expect(embeddedMetrics(line)).toEqual([]);
    },
  );
});

describe('the log of a function', () => {
  it('moves an alarm', async () => {
    const { cloudWatch, stateOf, pass } = await startCloudWatch({ alarms: [alarmConfig()] });
    const line = document([DIRECTIVE], { service: 'x', Failed: 6 });
    cloudWatch.ingestLog(`START\n${line}\nother text\n`);
    pass(1);
    expect(stateOf('failures')).toBe('ALARM');
  });

  it('that has a wrong document is told, and goes on', async () => {
    const { cloudWatch, told, stateOf, pass } = await startCloudWatch({ alarms: [alarmConfig()] });
    const right = document([DIRECTIVE], { service: 'x', Failed: 6 });
    cloudWatch.ingestLog(`${document([DIRECTIVE])}\n${right}\n`);
    pass(1);
    expect(told.map(({ what }) => what)).toContain('embedded metrics refused');
    expect(stateOf('failures')).toBe('ALARM');
  });

  it('as the services write it is understood', () => {
    const written: string[] = [];
    const write = jest
      .spyOn(process.stdout, 'write')
      .mockImplementation((text) => written.push(String(text)) > 0);
    process.env['POWERTOOLS_METRICS_NAMESPACE'] = 'saleslake/test';
    createMeasure('transformer')({ RowsIn: 7 }, { table: 'sales' });
    write.mockRestore();
    const lines = written.join('').split('\n');
    expect(lines.flatMap((line) => embeddedMetrics(line))).toEqual([
      {
        namespace: 'saleslake/test',
        name: 'RowsIn',
        dimensions: { service: 'transformer', table: 'sales' },
        values: [7],
        unit: 'Count',
        at: expect.any(Number) as number,
      },
    ]);
  });
});
