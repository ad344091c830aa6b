import {
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
  type DescribeAlarmsCommandInput,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../../src/core/aws-error';
import {
  alarmConfig,
  closeAll,
  DENIED_KEY,
  failed,
  MINUTE,
  START,
  startCloudWatch,
  TOPIC,
} from './local-cloudwatch';

afterEach(closeAll);

const WITH_ACTIONS = alarmConfig({
  description: 'Too many failed.',
  actions: { OK: [TOPIC], ALARM: [TOPIC], INSUFFICIENT_DATA: [] },
});

describe('an alarm', () => {
  it('has too little data at first', async () => {
    const { cloudWatch, stateOf } = await startCloudWatch();
    cloudWatch.createAlarm(alarmConfig());
    expect(stateOf('failures')).toBe('INSUFFICIENT_DATA');
  });

  it('goes off at the minute that ends a period which crosses its threshold', async () => {
    const { cloudWatch, clock, stateOf } = await startCloudWatch({ alarms: [alarmConfig()] });
    cloudWatch.measure(failed(6));
    clock.advance(MINUTE - 1);
    expect(stateOf('failures')).toBe('INSUFFICIENT_DATA');
    clock.advance(1);
    expect(stateOf('failures')).toBe('ALARM');
  });

  it('counts all that happened in a minute in that minute', async () => {
    const { cloudWatch, clock, stateOf } = await startCloudWatch({ alarms: [alarmConfig()] });
    cloudWatch.measure(failed(3));
    clock.advance(MINUTE - 1);
    cloudWatch.measure(failed(3));
    clock.advance(1);
    expect(stateOf('failures')).toBe('ALARM');
  });

  it('is not moved by what has not come to its threshold', async () => {
    const { cloudWatch, stateOf, pass } = await startCloudWatch({ alarms: [alarmConfig()] });
    cloudWatch.measure(failed(5));
    pass(1);
    expect(stateOf('failures')).toBe('OK');
  });

  it('is not moved by the same metric with other dimensions', async () => {
    const { cloudWatch, stateOf, pass } = await startCloudWatch({ alarms: [alarmConfig()] });
    cloudWatch.measure({ ...failed(6), dimensions: { service: 'x', table: 'y' } });
    pass(1);
    expect(stateOf('failures')).toBe('INSUFFICIENT_DATA');
  });

  it('recovers when it is over', async () => {
    const { cloudWatch, stateOf, pass } = await startCloudWatch({
      alarms: [alarmConfig({ treatMissingData: 'notBreaching' })],
    });
    cloudWatch.measure(failed(6));
    pass(1);
    expect(stateOf('failures')).toBe('ALARM');
    cloudWatch.measure(failed(0));
    pass(1);
    expect(stateOf('failures')).toBe('OK');
  });

  it('is judged by a gauge that is read as the minute ends', async () => {
    const { gauges, stateOf, pass } = await startCloudWatch({ alarms: [alarmConfig()] });
    gauges.push(failed(7));
    pass(1);
    expect(stateOf('failures')).toBe('ALARM');
  });

  it('of five minutes is judged every five minutes', async () => {
    const { cloudWatch, stateOf, pass } = await startCloudWatch({
      alarms: [alarmConfig({ periodSeconds: 300 })],
    });
    pass(1);
    for (let minute = 1; minute < 4; minute += 1) {
      cloudWatch.measure(failed(2));
      pass(1);
    }
    expect(stateOf('failures')).toBe('INSUFFICIENT_DATA');
    pass(1);
    expect(stateOf('failures')).toBe('ALARM');
  });

  it('is left as it is when its configuration changes', async () => {
    const { cloudWatch, stateOf, pass } = await startCloudWatch({ alarms: [alarmConfig()] });
    cloudWatch.measure(failed(6));
    pass(1);
    cloudWatch.createAlarm(alarmConfig({ threshold: 100 }));
    expect(stateOf('failures')).toBe('ALARM');
  });

  it.each([
    ['a period that is no whole minutes', { periodSeconds: 10 }, 'Period'],
    ['more datapoints than periods', { datapointsToAlarm: 2 }, 'DatapointsToAlarm'],
    ['a look back of more than a day', { evaluationPeriods: 1441 }, 'EvaluationPeriods'],
    [
      'an action that is no topic',
      { actions: { ...WITH_ACTIONS.actions, OK: ['arn:aws:lambda:us-east-1:0:function:f'] } },
      'topics',
    ],
  ])('with %s is refused', async (_, changed, named) => {
    const { cloudWatch } = await startCloudWatch();
    expect(() => cloudWatch.createAlarm(alarmConfig(changed))).toThrow(named);
  });
});

describe('a change of state', () => {
  it('is an event on the bus, in the shape that AWS documents', async () => {
    const { cloudWatch, events, pass } = await startCloudWatch({ alarms: [WITH_ACTIONS] });
    cloudWatch.measure(failed(6));
    pass(1);
    expect(events).toEqual([
      {
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        'detail-type': 'CloudWatch Alarm State Change',
        source: 'aws.cloudwatch',
        account: '000000000000',
        time: '2025-01-15T12:01:00Z',
        region: 'us-east-1',
        resources: ['arn:aws:cloudwatch:us-east-1:000000000000:alarm:failures'],
        detail: {
          alarmName: 'failures',
          configuration: {
            description: 'Too many failed.',
            metrics: [
              {
                id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
                metricStat: {
                  metric: { namespace: 'test', name: 'Failed', dimensions: { service: 'x' } },
                  period: 60,
                  stat: 'Sum',
                },
                returnData: true,
              },
            ],
          },
          previousState: {
            value: 'INSUFFICIENT_DATA',
            reason: 'Unchecked: Initial alarm creation',
            timestamp: '2025-01-15T12:00:00.000+0000',
          },
          state: {
            value: 'ALARM',
            reason:
              'Threshold Crossed: 1 out of the last 1 datapoints [6.0 (15/01/25 12:00:00)] was ' +
              'greater than the threshold (5.0) (minimum 1 datapoint for OK -> ALARM transition).',
            reasonData: JSON.stringify({
              version: '1.0',
              queryDate: '2025-01-15T12:01:00.000+0000',
              startDate: '2025-01-15T12:00:00.000+0000',
              statistic: 'Sum',
              period: 60,
              recentDatapoints: [6],
              threshold: 5,
              evaluatedDatapoints: [
                { timestamp: '2025-01-15T12:00:00.000+0000', sampleCount: 1, value: 6 },
              ],
            }),
            timestamp: '2025-01-15T12:01:00.000+0000',
          },
        },
      },
    ]);
  });

  it('says what missing data were taken for', async () => {
    const { events, pass } = await startCloudWatch({
      alarms: [alarmConfig({ treatMissingData: 'breaching', evaluationPeriods: 2 })],
    });
    pass(1);
    const { state } = events[0]?.detail as { state: { reason: string } };
    expect(state.reason).toBe(
      'Threshold Crossed: no datapoints were received for 2 periods and ' +
        '2 missing datapoints were treated as [Breaching].',
    );
  });

  it('is sent to the topics of the state entered, as CloudWatch writes it', async () => {
    const { cloudWatch, published, pass } = await startCloudWatch({ alarms: [WITH_ACTIONS] });
    cloudWatch.measure(failed(6));
    pass(1);
    expect(published.map(({ arn, subject }) => ({ arn, subject }))).toEqual([
      { arn: TOPIC, subject: 'ALARM: "failures" in US East (N. Virginia)' },
    ]);
    expect(JSON.parse(published[0]?.message ?? '')).toMatchObject({
      AlarmName: 'failures',
      AlarmDescription: 'Too many failed.',
      AWSAccountId: '000000000000',
      NewStateValue: 'ALARM',
      OldStateValue: 'INSUFFICIENT_DATA',
      StateChangeTime: '2025-01-15T12:01:00.000+0000',
      Region: 'US East (N. Virginia)',
      AlarmActions: [TOPIC],
      Trigger: {
        MetricName: 'Failed',
        Namespace: 'test',
        Statistic: 'SUM',
        Dimensions: [{ name: 'service', value: 'x' }],
        Threshold: 5,
      },
    });
  });

  it('is told once while the state lasts', async () => {
    const { gauges, events, pass } = await startCloudWatch({ alarms: [WITH_ACTIONS] });
    gauges.push(failed(7));
    pass(10);
    expect(events).toHaveLength(1);
  });

  it('reaches the bus although a topic is not there, and the failure is told', async () => {
    const { cloudWatch, client, events, told, pass } = await startCloudWatch({
      alarms: [WITH_ACTIONS],
      publishToTopic: () => {
        throw new AwsError('NotFound', 'Topic does not exist', 404);
      },
    });
    cloudWatch.measure(failed(6));
    pass(1);
    expect(events).toHaveLength(1);
    expect(told.map(({ what }) => what)).toContain('action failed');
    const history = await client.send(
      new DescribeAlarmHistoryCommand({ HistoryItemType: 'Action' }),
    );
    expect(history.AlarmHistoryItems?.map(({ HistorySummary }) => HistorySummary)).toEqual([
      `Failed to execute action ${TOPIC}`,
    ]);
  });
});

const PUT: PutMetricAlarmCommandInput = {
  AlarmName: 'failures',
  AlarmDescription: 'Too many failed.',
  Namespace: 'test',
  MetricName: 'Failed',
  Dimensions: [{ Name: 'service', Value: 'x' }],
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  Threshold: 5,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'notBreaching',
  AlarmActions: [TOPIC],
};

describe('the API of alarms', () => {
  it('makes an alarm and describes it', async () => {
    const { client } = await startCloudWatch();
    await client.send(new PutMetricAlarmCommand(PUT));
    const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({}));
    expect(MetricAlarms).toEqual([
      {
        ...PUT,
        AlarmArn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:failures',
        AlarmConfigurationUpdatedTimestamp: new Date(START),
        ActionsEnabled: true,
        OKActions: [],
        InsufficientDataActions: [],
        StateValue: 'INSUFFICIENT_DATA',
        StateReason: 'Unchecked: Initial alarm creation',
        StateUpdatedTimestamp: new Date(START),
        StateTransitionedTimestamp: new Date(START),
      },
    ]);
  });

  it('lists by names, prefix and state, a page at a time', async () => {
    const { client, cloudWatch } = await startCloudWatch();
    for (const name of ['b-1', 'a-1', 'a-2']) cloudWatch.createAlarm(alarmConfig({ name }));
    const list = async (input: DescribeAlarmsCommandInput) => {
      const { MetricAlarms = [], NextToken } = await client.send(new DescribeAlarmsCommand(input));
      return { names: MetricAlarms.map(({ AlarmName }) => AlarmName), NextToken };
    };
    expect((await list({ AlarmNamePrefix: 'a-' })).names).toEqual(['a-1', 'a-2']);
    expect((await list({ AlarmNames: ['b-1', 'gone'] })).names).toEqual(['b-1']);
    expect((await list({ StateValue: 'ALARM' })).names).toEqual([]);
    const first = await list({ MaxRecords: 2 });
    expect(first.names).toEqual(['a-1', 'a-2']);
    expect((await list({ NextToken: first.NextToken })).names).toEqual(['b-1']);
  });

  it('deletes alarms, and none where one is not there', async () => {
    const { client, cloudWatch } = await startCloudWatch({ alarms: [alarmConfig()] });
    const remove = (AlarmNames: string[]) => client.send(new DeleteAlarmsCommand({ AlarmNames }));
    await expect(remove(['failures', 'gone'])).rejects.toMatchObject({ name: 'ResourceNotFound' });
    expect(cloudWatch.alarms()).toHaveLength(1);
    await remove(['failures']);
    expect(cloudWatch.alarms()).toEqual([]);
  });

  it('sets a state, with event and actions, which the next evaluation corrects', async () => {
    const { client, events, published, gauges, stateOf, pass } = await startCloudWatch({
      alarms: [WITH_ACTIONS],
    });
    gauges.push(failed(0));
    pass(1);
    await client.send(
      new SetAlarmStateCommand({
        AlarmName: 'failures',
        StateValue: 'ALARM',
        StateReason: 'testing',
      }),
    );
    expect(stateOf('failures')).toBe('ALARM');
    expect(published.map(({ subject }) => subject.split(':')[0])).toEqual(['OK', 'ALARM']);
    pass(1);
    expect(stateOf('failures')).toBe('OK');
    expect(events).toHaveLength(3);
  });

  it('switches actions off and on, but not events', async () => {
    const { client, cloudWatch, events, published, pass } = await startCloudWatch({
      alarms: [WITH_ACTIONS],
    });
    const AlarmNames = ['failures'];
    await client.send(new DisableAlarmActionsCommand({ AlarmNames }));
    cloudWatch.measure(failed(6));
    pass(1);
    expect(events).toHaveLength(1);
    expect(published).toEqual([]);
    await client.send(new EnableAlarmActionsCommand({ AlarmNames }));
    cloudWatch.measure(failed(0));
    pass(1);
    expect(published).toHaveLength(1);
  });

  it('tells the history of an alarm, the newest first', async () => {
    const { client, cloudWatch, pass } = await startCloudWatch({ alarms: [WITH_ACTIONS] });
    cloudWatch.measure(failed(6));
    pass(1);
    const { AlarmHistoryItems = [] } = await client.send(
      new DescribeAlarmHistoryCommand({ AlarmName: 'failures' }),
    );
    expect(AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary)).toEqual([
      `Successfully executed action ${TOPIC}`,
      'Alarm updated from INSUFFICIENT_DATA to ALARM',
      'Alarm "failures" created',
    ]);
  });

  it('refuses metric math by name', async () => {
    const { client } = await startCloudWatch();
    const put = client.send(
      new PutMetricAlarmCommand({ ...PUT, Metrics: [{ Id: 'a', Expression: '1' }] }),
    );
    await expect(put).rejects.toThrow('Metrics');
  });

  it('refuses whoever may not', async () => {
    const { clientWith } = await startCloudWatch();
    const client = clientWith({ credentials: { accessKeyId: DENIED_KEY, secretAccessKey: 'x' } });
    await expect(client.send(new PutMetricAlarmCommand(PUT))).rejects.toThrow(
      'cloudwatch:PutMetricAlarm on arn:aws:cloudwatch:us-east-1:000000000000:alarm:failures',
    );
  });
});
