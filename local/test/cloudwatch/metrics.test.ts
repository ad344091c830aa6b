import {
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
  type ListMetricsCommandInput,
  type MetricDatum,
} from '@aws-sdk/client-cloudwatch';
import { closeAll, failed, MINUTE, START, startCloudWatch } from './local-cloudwatch';

afterEach(closeAll);

const put = (...MetricData: MetricDatum[]) =>
  new PutMetricDataCommand({ Namespace: 'shop', MetricData });

/** What is kept of `shop` `Sold` in the hour from START on, by periods. */
const statistics = (Period = 60) =>
  new GetMetricStatisticsCommand({
    Namespace: 'shop',
    MetricName: 'Sold',
    StartTime: new Date(START),
    EndTime: new Date(START + 60 * MINUTE),
    Period,
    Statistics: ['Sum', 'SampleCount', 'Minimum', 'Maximum', 'Average'],
  });

const FROM = { StartTime: new Date(START), EndTime: new Date(START + 60 * MINUTE) };

describe('PutMetricData', () => {
  it('keeps a value, a list of values with counts, and statistics', async () => {
    const { client } = await startCloudWatch();
    await client.send(
      put(
        { MetricName: 'Sold', Value: 2, Unit: 'Count' },
        { MetricName: 'Sold', Values: [1, 10], Counts: [3, 1], Unit: 'Count' },
        {
          MetricName: 'Sold',
          StatisticValues: { SampleCount: 5, Sum: 15, Minimum: 0, Maximum: 5 },
          Unit: 'Count',
        },
      ),
    );
    const { Datapoints } = await client.send(statistics());
    expect(Datapoints).toEqual([
      {
        Timestamp: new Date(START),
        Unit: 'Count',
        Sum: 30,
        SampleCount: 10,
        Minimum: 0,
        Maximum: 10,
        Average: 3,
      },
    ]);
  });

  it('takes a request that the SDK has compressed', async () => {
    const { clientWith } = await startCloudWatch();
    const client = clientWith({ requestMinCompressionSizeBytes: 0 });
    await client.send(put({ MetricName: 'Sold', Value: 2 }));
    expect((await client.send(statistics())).Datapoints).toHaveLength(1);
  });

  it.each<[string, MetricDatum, string]>([
    ['no value', { MetricName: 'Sold' }, 'it has none'],
    ['value and values', { MetricName: 'Sold', Value: 1, Values: [1] }, 'Value and Values'],
    ['a value that is none', { MetricName: 'Sold', Value: NaN }, 'Value must be a number'],
    ['too few counts', { MetricName: 'Sold', Values: [1, 2], Counts: [1] }, '1 Counts'],
    [
      'a time long past',
      { MetricName: 'Sold', Value: 1, Timestamp: new Date(START - 15 * 24 * 60 * MINUTE) },
      'two weeks',
    ],
    ['an unknown unit', { MetricName: 'Sold', Value: 1, Unit: 'Apples' as 'Count' }, 'Unit'],
  ])('takes nothing of a request with %s', async (_, datum, named) => {
    const { client } = await startCloudWatch();
    const sent = client.send(put({ MetricName: 'Sold', Value: 1 }, datum));
    await expect(sent).rejects.toThrow(named);
    expect((await client.send(new ListMetricsCommand({}))).Metrics).toEqual([]);
  });

  it('refuses the namespaces of AWS', async () => {
    const { client } = await startCloudWatch();
    const sent = client.send(
      new PutMetricDataCommand({
        Namespace: 'AWS/SQS',
        MetricData: [{ MetricName: 'x', Value: 1 }],
      }),
    );
    await expect(sent).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  });
});

describe('GetMetricStatistics', () => {
  it('sums minutes up to periods', async () => {
    const { client, cloudWatch } = await startCloudWatch();
    for (const minute of [0, 4, 5]) {
      cloudWatch.measure({
        namespace: 'shop',
        name: 'Sold',
        dimensions: {},
        values: [1],
        at: START + minute * MINUTE,
      });
    }
    const { Datapoints = [] } = await client.send(statistics(300));
    expect(Datapoints.map(({ Timestamp, Sum }) => [Timestamp, Sum])).toEqual([
      [new Date(START), 2],
      [new Date(START + 5 * MINUTE), 1],
    ]);
  });

  it('refuses more than 1,440 periods, whether they hold data or not', async () => {
    const { client } = await startCloudWatch();
    const input = { ...statistics().input, StartTime: new Date(0), EndTime: new Date(START) };
    await expect(client.send(new GetMetricStatisticsCommand(input))).rejects.toThrow(
      'exceeds the limit of 1440',
    );
    const day = { ...input, StartTime: new Date(START - 1440 * MINUTE) };
    expect((await client.send(new GetMetricStatisticsCommand(day))).Datapoints).toEqual([]);
  });
});

describe('GetMetricData', () => {
  const query = (Stat: string) => ({
    Id: 'a',
    MetricStat: {
      Metric: {
        Namespace: 'test',
        MetricName: 'Failed',
        Dimensions: [{ Name: 'service', Value: 'x' }],
      },
      Period: 60,
      Stat,
    },
  });

  it('answers the newest first, unless asked otherwise', async () => {
    const { client, cloudWatch } = await startCloudWatch();
    cloudWatch.measure(failed(1, START));
    cloudWatch.measure(failed(2, START + MINUTE));
    const ask = async (ScanBy?: 'TimestampAscending') => {
      const input = { ...FROM, MetricDataQueries: [query('Sum')], ScanBy };
      return (await client.send(new GetMetricDataCommand(input))).MetricDataResults;
    };
    expect(await ask()).toEqual([
      {
        Id: 'a',
        Label: 'Failed',
        StatusCode: 'Complete',
        Timestamps: [new Date(START + MINUTE), new Date(START)],
        Values: [2, 1],
      },
    ]);
    expect((await ask('TimestampAscending'))?.[0]?.Values).toEqual([1, 2]);
  });

  it('refuses more than 100,800 periods, whether they hold data or not', async () => {
    const { client } = await startCloudWatch();
    const MetricDataQueries = [query('Sum')];
    const input = { StartTime: new Date(0), EndTime: new Date(START), MetricDataQueries };
    await expect(client.send(new GetMetricDataCommand(input))).rejects.toThrow(
      'exceeds the limit of 100800',
    );
  });

  it('refuses percentiles and expressions by name', async () => {
    const { client } = await startCloudWatch();
    const ask = (MetricDataQueries: { Id: string }[]) =>
      client.send(new GetMetricDataCommand({ ...FROM, MetricDataQueries }));
    await expect(ask([query('p99')])).rejects.toThrow('p99');
    await expect(ask([{ Id: 'a', Expression: 'b * 2' } as { Id: string }])).rejects.toThrow(
      'Expression',
    );
  });
});

describe('ListMetrics', () => {
  it('finds metrics by namespace, name and dimensions', async () => {
    const { client, cloudWatch } = await startCloudWatch();
    const dimensions = { service: 'x', table: 'sales' };
    cloudWatch.measure(failed(1));
    cloudWatch.measure({ namespace: 'test', name: 'Late', dimensions, values: [1] });
    const names = async (input: ListMetricsCommandInput) =>
      (await client.send(new ListMetricsCommand(input))).Metrics?.map((one) => one.MetricName);
    expect(await names({ Namespace: 'test' })).toEqual(['Failed', 'Late']);
    expect(await names({ MetricName: 'Late' })).toEqual(['Late']);
    expect(await names({ Dimensions: [{ Name: 'table' }] })).toEqual(['Late']);
    expect(await names({ Dimensions: [{ Name: 'service', Value: 'y' }] })).toEqual([]);
  });

  it('leaves out what was not measured of late, where asked', async () => {
    const { client, cloudWatch, pass } = await startCloudWatch();
    cloudWatch.measure(failed(1));
    pass(4 * 60);
    const answer = await client.send(new ListMetricsCommand({ RecentlyActive: 'PT3H' }));
    expect(answer.Metrics).toEqual([]);
  });
});

describe('a request in the Query protocol', () => {
  it('is refused, saying so', async () => {
    const { endpoint } = await startCloudWatch();
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: 'AWS4-HMAC-SHA256 Credential=a/20250115/us-east-1/monitoring/aws4_request',
      },
      body: 'Action=ListMetrics&Version=2010-08-01',
    });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('AWS JSON 1.0');
  });
});
