import { emptyDeployment } from '../../src/cloudformation/deployment';
import { planStack } from '../../src/cloudformation/plan-stack';
import type { Template } from '../../src/cloudformation/template';

const ENVIRONMENT = {
  accountId: '000000000000',
  region: 'us-east-1',
  endpoint: 'http://127.0.0.1:4566',
};

/** What a template's one output comes to, or the error. */
function output(Value: unknown, more: Partial<Template> = {}): string | undefined {
  const deployment = emptyDeployment();
  deployment.exports.set('lake-bucket', { stackName: 'lake', value: 'raw-bucket' });
  const template: Template = {
    Resources: {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q' } },
      Absent: { Type: 'AWS::SQS::Queue', Condition: 'Never' },
    },
    Parameters: {
      Stage: { Type: 'String', Default: 'local' },
      Zones: { Type: 'CommaDelimitedList', Default: 'a, b' },
      Required: { Type: 'String' },
    },
    Mappings: { Sizes: { local: { memory: 256 } } },
    Conditions: {
      IsLocal: { 'Fn::Equals': [{ Ref: 'Stage' }, 'local'] },
      Never: { 'Fn::Not': [{ Condition: 'IsLocal' }] },
      Both: { 'Fn::And': [{ Condition: 'IsLocal' }, { Condition: 'Never' }] },
      Either: { 'Fn::Or': [{ Condition: 'Never' }, { 'Fn::Equals': ['a', 'a'] }] },
      Circle: { 'Fn::Not': [{ Condition: 'Circle' }] },
    },
    Outputs: { Out: { Value } },
    ...more,
  };
  const stack = { label: 'services/x', name: 'x-local', template, packageFolder: '/none' };
  planStack(stack, ENVIRONMENT, deployment);
  return deployment.outputs['x-local']?.Out;
}

const choose = (condition: string): unknown => ({ 'Fn::If': [condition, 'yes', 'no'] });

describe('a function of a template', () => {
  it.each<[string, unknown, string]>([
    ['Ref of a resource', { Ref: 'Queue' }, 'http://127.0.0.1:4566/000000000000/q'],
    ['Ref of a parameter', { Ref: 'Stage' }, 'local'],
    ['Ref of the account', { Ref: 'AWS::AccountId' }, '000000000000'],
    ['Ref of the region', { Ref: 'AWS::Region' }, 'us-east-1'],
    ['Ref of the partition', { Ref: 'AWS::Partition' }, 'aws'],
    ['Ref of the stack', { Ref: 'AWS::StackName' }, 'x-local'],
    ['Ref of the URL suffix', { Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Queue', 'QueueName'] }, 'q'],
    ['GetAtt as a string', { 'Fn::GetAtt': 'Queue.Arn' }, 'arn:aws:sqs:us-east-1:000000000000:q'],
    ['Sub of a parameter', { 'Fn::Sub': '${Stage}-${ AWS::Region }' }, 'local-us-east-1'],
    ['Sub of an attribute', { 'Fn::Sub': '<${Queue.QueueName}>' }, '<q>'],
    ['Sub of a literal', { 'Fn::Sub': 'year=${!year}/${Stage}' }, 'year=${year}/local'],
    [
      'Sub with variables',
      { 'Fn::Sub': ['${A}-${Stage}', { A: { Ref: 'Stage' } }] },
      'local-local',
    ],
    ['Join', { 'Fn::Join': ['-', ['a', { Ref: 'Stage' }, 1]] }, 'a-local-1'],
    ['Join of a list parameter', { 'Fn::Join': ['+', { Ref: 'Zones' }] }, 'a+b'],
    ['Join leaves out NoValue', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::NoValue' }, 'b']] }, 'a-b'],
    ['Select', { 'Fn::Select': ['1', ['a', 'b']] }, 'b'],
    ['Split', { 'Fn::Select': [2, { 'Fn::Split': [':', 'a:b:c'] }] }, 'c'],
    ['If of what holds', choose('IsLocal'), 'yes'],
    ['If of Not', choose('Never'), 'no'],
    ['If of And', choose('Both'), 'no'],
    ['If of Or', choose('Either'), 'yes'],
    ['If looks at one branch', { 'Fn::If': ['IsLocal', 'a', { Ref: 'Absent' }] }, 'a'],
    ['ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': 'lake-bucket' } }, 'raw-bucket'],
    ['FindInMap', { 'Fn::FindInMap': ['Sizes', { Ref: 'Stage' }, 'memory'] }, '256'],
    ['Base64', { 'Fn::Base64': 'hello' }, 'aGVsbG8='],
  ])('%s', (_, value, expected) => {
    expect(output(value)).toBe(expected);
  });

  it.each<[string, unknown, RegExp]>([
    ['an unknown function', { 'Fn::GetAZs': '' }, /^services\/x: output Out uses Fn::GetAZs/],
    ['an unknown resource', { Ref: 'Nothing' }, /refers to Nothing, which is not declared/],
    ['an unknown attribute', { 'Fn::GetAtt': 'Queue.Size' }, /Queue\.Size.*it has: Arn, QueueName/],
    ['a resource not deployed', { Ref: 'Absent' }, /Absent, whose condition Never does not hold/],
    ['a parameter without default', { Ref: 'Required' }, /parameter Required has no default/],
    ['an unknown pseudo parameter', { Ref: 'AWS::Moon' }, /AWS::Moon/],
    ['an unknown condition', choose('Unheard'), /condition Unheard, which is not declared/],
    ['an unknown import', { 'Fn::ImportValue': 'x' }, /imports x, which no stack before it/],
    ['an unknown mapping', { 'Fn::FindInMap': ['Sizes', 'a', 'b'] }, /Sizes \/ a \/ b/],
    ['a Select beyond the list', { 'Fn::Select': [2, ['a']] }, /Fn::Select/],
    ['a Join of no list', { 'Fn::Join': ['-', 'a'] }, /Fn::Join.*expected a separator and a list/],
    ['a Sub of what is no text', { 'Fn::Sub': '${Zones}' }, /\$\{Zones\}.*expected strings/],
    ['a condition on itself', choose('Circle'), /condition Circle → condition Circle/],
  ])('refuses %s by name', (_, value, message) => {
    expect(() => output(value)).toThrow(message);
  });
});
