import { packagedServices } from '@saleslake/local/test/support/packaged-services';

interface Widget {
  type: string;
  properties: { title: string; alarms?: string[]; metrics?: unknown[][] };
}

let alarms: string[];
let queues: string[];
let functions: string[];
let widgets: Widget[];

beforeAll(async () => {
  const resources = (await packagedServices()).flatMap(({ template }) =>
    Object.values(template.Resources),
  );
  const namesOf = (type: string, property: string): string[] =>
    resources
      .filter(({ Type }) => Type === type)
      .map(({ Properties }) => String(Properties?.[property]));
  alarms = namesOf('AWS::CloudWatch::Alarm', 'AlarmName');
  queues = namesOf('AWS::SQS::Queue', 'QueueName');
  functions = namesOf('AWS::Lambda::Function', 'FunctionName');
  const [dashboard] = resources.filter(({ Type }) => Type === 'AWS::CloudWatch::Dashboard');
  const { DashboardBody } = dashboard?.Properties as { DashboardBody: { 'Fn::Sub': string } };
  ({ widgets } = JSON.parse(DashboardBody['Fn::Sub']) as { widgets: Widget[] });
});

/** Values of a dimension that metrics of the dashboard have. */
const shown = (dimension: string): string[] =>
  widgets
    .flatMap(({ properties }) => properties.metrics ?? [])
    .filter((row) => row[2] === dimension)
    .map((row) => String(row[3]));

describe('the dashboard', () => {
  it('has every alarm of the templates in its alarm widget, and no other', () => {
    const arns = widgets.find(({ type }) => type === 'alarm')?.properties.alarms ?? [];
    expect(arns.map((arn) => arn.split(':alarm:')[1]).sort()).toEqual([...alarms].sort());
  });

  it('has every queue', () => {
    expect([...new Set(shown('QueueName'))].sort()).toEqual([...queues].sort());
  });

  it('has every function', () => {
    expect([...new Set(shown('FunctionName'))].sort()).toEqual([...functions].sort());
  });
});
