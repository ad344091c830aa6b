import { packagedServices } from './support/packaged-services';

interface Resource {
  service: string;
  id: string;
  type: string;
  properties: Record<string, unknown>;
}

interface AlarmProperties {
  AlarmName: string;
  AlarmDescription: string;
  AlarmActions?: unknown;
  Namespace: string;
  MetricName: string;
  Dimensions: { Name: string; Value: unknown }[];
  TreatMissingData: string;
}

let resources: Resource[];

beforeAll(async () => {
  resources = (await packagedServices()).flatMap(({ path, template }) =>
    Object.entries(template.Resources).map(([id, { Type, Properties = {} }]) => ({
      service: path.replace(/^services\//, ''),
      id,
      type: Type,
      properties: Properties,
    })),
  );
});

const ofType = (type: string): Resource[] => resources.filter((resource) => resource.type === type);

const alarms = (): (AlarmProperties & { service: string })[] =>
  ofType('AWS::CloudWatch::Alarm').map(({ service, properties }) => ({
    ...(properties as unknown as AlarmProperties),
    service,
  }));

/** The logical ids that a value refers to. */
function referred(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { Ref: ref, 'Fn::GetAtt': attribute } = value as {
    Ref?: string;
    'Fn::GetAtt'?: [string, string];
  };
  return [ref ?? attribute?.[0] ?? [], ...Object.values(value).flatMap(referred)].flat();
}

/** What stands under a key, however deep. */
function under(value: unknown, key: string): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value as Record<string, unknown>).flatMap(([name, inner]) =>
    name === key ? [inner] : under(inner, key),
  );
}

/** Queues that what failed is put into, and queues that nobody reads, by service and logical id. */
function failureQueues(): string[] {
  const destinations = resources.flatMap(({ service, properties }) =>
    ['deadLetterTargetArn', 'DeadLetterConfig', 'OnFailure']
      .flatMap((key) => under(properties, key))
      .flatMap(referred)
      .map((id) => `${service} ${id}`),
  );
  const read = ofType('AWS::Lambda::EventSourceMapping').flatMap(({ service, properties }) =>
    referred(properties['EventSourceArn']).map((id) => `${service} ${id}`),
  );
  return ofType('AWS::SQS::Queue')
    .map(({ service, id }) => `${service} ${id}`)
    .filter((queue) => destinations.includes(queue) || !read.includes(queue));
}

describe('the alarms of the compiled templates', () => {
  it('tell of messages in every queue of what failed', () => {
    const watched = alarms()
      .filter(({ MetricName }) => MetricName === 'ApproximateNumberOfMessagesVisible')
      .flatMap(({ service, Dimensions }) => referred(Dimensions).map((id) => `${service} ${id}`));
    expect(failureQueues()).toContain('transformer ObjectsDeadLetterQueue');
    expect(failureQueues()).not.toContain('transformer ObjectsQueue');
    expect(failureQueues().filter((queue) => !watched.includes(queue))).toEqual([]);
  });

  it.each([
    'FailedConversion.Records',
    'ExecuteProcessing.Success',
    'DeliveryToS3.Success',
    'BackupToS3.Success',
    'DeliveryToS3.DataFreshness',
  ])('tell of the %s of every delivery stream', (metric) => {
    const streams = ofType('AWS::KinesisFirehose::DeliveryStream').map(
      ({ properties }) => properties['DeliveryStreamName'],
    );
    const watched = alarms()
      .filter(({ Namespace, MetricName }) => Namespace === 'AWS/Firehose' && MetricName === metric)
      .map(({ Dimensions }) => Dimensions.map(({ Value }) => Value));
    expect(watched).toEqual(streams.map((name) => [name]));
    expect(streams).not.toEqual([]);
  });

  it('are named by stage and service, each once', () => {
    const strange = alarms().filter(
      ({ AlarmName, service }) => !AlarmName.startsWith(`saleslake-local-${service}-`),
    );
    expect(strange).toEqual([]);
    expect(new Set(alarms().map(({ AlarmName }) => AlarmName)).size).toBe(alarms().length);
  });

  it('say in a sentence what they mean, and what missing data means to them', () => {
    const silent = alarms().filter(
      ({ AlarmDescription, TreatMissingData }) =>
        !/^[A-Z].*\.$/.test(AlarmDescription) || !TreatMissingData,
    );
    expect(silent).toEqual([]);
  });

  it('never go through INSUFFICIENT_DATA on their way back, which alerting would not hear of', () => {
    const missing = alarms().filter(({ TreatMissingData }) => TreatMissingData === 'missing');
    expect(missing).toEqual([]);
  });

  it('leave it to alerting to tell, except of its own failure', () => {
    const acting = alarms().filter(({ AlarmActions }) => AlarmActions !== undefined);
    expect(acting.filter(({ service }) => service !== 'alerting')).toEqual([]);
  });
});
