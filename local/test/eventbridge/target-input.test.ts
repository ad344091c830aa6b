import type { AwsEvent } from '../../src/core/event';
import type { RuleTarget } from '../../src/eventbridge/rule';
import { compileTargetInput } from '../../src/eventbridge/target-input';

const RULE = { name: 'r', arn: 'arn:aws:events:us-east-1:1:rule/r', state: 'ENABLED' as const };
const EVENT: AwsEvent = {
  version: '0',
  id: 'e1',
  'detail-type': 'Object Created',
  source: 'aws.s3',
  account: '1',
  time: '2026-01-01T00:00:00Z',
  region: 'us-east-1',
  resources: ['arn:aws:s3:::raw'],
  detail: { key: 'raw/"a".json', size: 5, tags: ['x', 'y'] },
};

function sent(target: Omit<RuleTarget, 'id' | 'arn'>): unknown {
  const compile = compileTargetInput(
    { ...RULE, targets: [] },
    { id: 't', arn: 'arn:aws:sqs:us-east-1:1:q', ...target },
  );
  return JSON.parse(compile(EVENT, '2026-01-01T00:00:01Z'));
}

function transformed(inputTemplate: string, inputPathsMap?: Record<string, string>): unknown {
  return sent({ inputTransformer: { inputTemplate, inputPathsMap } });
}

describe('what a target is sent', () => {
  it('is the event itself unless the target says otherwise', () => {
    expect(sent({})).toEqual(EVENT);
  });

  it('is the constant input', () => {
    expect(sent({ input: '{"count":10}' })).toEqual({ count: 10 });
  });

  it.each<[string, unknown]>([
    ['$.detail', EVENT.detail],
    ['$.detail-type', 'Object Created'],
    ['$.detail.tags[1]', 'y'],
    ['$', EVENT],
    ['$.detail.missing', null],
  ])('is the part of the event at %s', (inputPath, expected) => {
    expect(sent({ inputPath })).toEqual(expected);
  });

  it('has variables of a template as JSON values outside strings', () => {
    const paths = { key: '$.detail.key', tags: '$.detail.tags', none: '$.detail.none' };
    expect(transformed('{"k": <key>, "t": <tags>, "n": <none>}', paths)).toEqual({
      k: 'raw/"a".json',
      t: ['x', 'y'],
      n: null,
    });
  });

  it('has variables of a template as text inside strings', () => {
    const paths = { key: '$.detail.key', size: '$.detail.size', none: '$.detail.none' };
    expect(transformed('"\\"<key>\\" has <size> bytes<none>"', paths)).toBe(
      '"raw/"a".json" has 5 bytes',
    );
  });

  it('has the predefined variables', () => {
    const template =
      '{"a":"<aws.events.rule-arn> <aws.events.rule-name> <aws.events.event.ingestion-time>",' +
      '"e":<aws.events.event>,"j":<aws.events.event.json>}';
    const { detail, ...withoutDetail } = EVENT;
    expect(transformed(template)).toEqual({
      a: `${RULE.arn} r 2026-01-01T00:00:01Z`,
      e: withoutDetail,
      j: { ...withoutDetail, detail },
    });
  });

  it.each<[string, Omit<RuleTarget, 'id' | 'arn'>, RegExp]>([
    ['two kinds of input', { input: '{}', inputPath: '$' }, /Target t of rule r has more than one/],
    ['an input that is no JSON', { input: '{count}' }, /an Input that is not JSON: \{count\}/],
    ['a path in brackets', { inputPath: "$['detail']" }, /has the path \$\['detail'\]/],
    ['an unknown variable', { inputTransformer: { inputTemplate: '"<k>"' } }, /unknown <k>/],
  ])('is refused with %s', (_, target, message) => {
    expect(() => sent(target)).toThrow(message);
  });
});
