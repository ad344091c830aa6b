import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { formatFault, parseFault, type Fault } from '../../src/faults/fault';
import { parseFaultPlan, readFaultPlan } from '../../src/faults/fault-plan';
import { freshStateDir } from '../support/state-dir';

const folder = freshStateDir();
afterAll(() => rmSync(folder, { recursive: true }));

const parse = (text: string) => parseFaultPlan(text, 'faults.yml');
const rule = (fields: string): string => `rules: [{ ${fields} }]`;

describe('a plan', () => {
  it('is a seed and rules', () => {
    const text = `
      seed: 42
      rules:
        - on: s3:PutObject          # what is written
          subject: processed/*
          caller: transformer
          nth: 3
          fault: throttle
        - { on: 'lambda:invoke', subject: '*transform*', fault: kill-at-call 4 }
        - { on: 'sqs:*', probability: 0.05, fault: delay 500ms }`;
    expect(parse(text)).toEqual({
      seed: 42,
      rules: [
        {
          on: 's3:PutObject',
          subject: 'processed/*',
          caller: 'transformer',
          nth: 3,
          fault: 'throttle',
        },
        { on: 'lambda:invoke', subject: '*transform*', fault: 'kill-at-call 4' },
        { on: 'sqs:*', probability: 0.05, fault: 'delay 500ms' },
      ],
    });
  });

  it('needs no seed', () => {
    expect(parse(rule('on: "*", fault: error'))).toEqual({ rules: [{ on: '*', fault: 'error' }] });
  });

  it('may be JSON', () => {
    const plan = { seed: 1, rules: [{ on: 'events:deliver', fault: 'reorder' }] };
    expect(parse(JSON.stringify(plan))).toEqual(plan);
  });

  it.each([
    ['rules: [', /^faults\.yml: .*flow/s],
    ['', /^faults\.yml: the plan is missing; expected seed and rules\.$/],
    ['seed: 1', /^faults\.yml: rules is missing; expected a list\.$/],
    ['seed: x\nrules: []', /^faults\.yml: seed is "x"; expected a whole number\.$/],
    ['seeds: 1\nrules: []', /^faults\.yml: has the field seeds; expected seed, rules\.$/],
    ['rules: [throttle]', /^faults\.yml: rule 1: the rule is "throttle"; expected on and fault\.$/],
    [rule('fault: error'), /^faults\.yml: rule 1: on is missing; expected an action of athena, /],
    [rule('on: s3PutObject, fault: error'), /rule 1: on is "s3PutObject"; expected an action/],
    [rule('on: "ec2:RunInstances", fault: error'), /on is "ec2:RunInstances"; expected an action/],
    [rule('on: "lambda:invokes", fault: kill'), /one of lambda:invoke, events:deliver/],
    [rule('on: "s3:*", fault: explode'), /fault is "explode"; expected one of throttle, error, /],
    [rule('on: "s3:*", fault: kill'), /fault is "kill"; expected .* for s3:\*\.$/],
    [rule('on: "lambda:invoke", fault: truncate'), /fault is "truncate"; .* for lambda:invoke\.$/],
    [rule('on: "s3:*", fault: delay 5'), /fault is "delay 5"; .*delay <number>ms\|s\|m/],
    [rule('on: "s3:*", fault: error, nth: 0'), /nth is 0; expected a whole number from 1\.$/],
    [rule('on: "s3:*", fault: error, nth: 1.5'), /nth is 1\.5; expected a whole number from 1\.$/],
    [rule('on: "s3:*", fault: error, probability: 2'), /probability is 2; expected a number above/],
    [rule('on: "s3:*", fault: error, nth: 1, probability: 1'), /both nth and probability/],
    [rule('on: "s3:*", fault: error, subject: 3'), /subject is 3; expected a text\.$/],
    [rule('on: "s3:*", fault: error, when: 3'), /has the field when; expected on, subject, /],
  ])('is refused where it is %j', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  it('is refused with the number of the rule', () => {
    const text = 'rules:\n- { on: "s3:*", fault: error }\n- { on: "s3:*", fault: oops }';
    expect(() => parse(text)).toThrow(/^faults\.yml: rule 2: fault is "oops"/);
  });
});

describe("a plan's file", () => {
  it('may be a log, each line of which orders what it tells of', () => {
    const path = join(folder, 'faults.ndjson');
    const ordered = { on: 's3:PutObject', subject: 'a', nth: 2, fault: 'error' };
    writeFileSync(path, `${JSON.stringify({ at: '2026-01-01T00:00:00.000Z', ...ordered })}\n{"at`);
    expect(readFaultPlan(path)).toEqual({ rules: [ordered] });
  });

  it('is named, with the line, where it is a log that is none', () => {
    const path = join(folder, 'other.ndjson');
    writeFileSync(path, '{"on":"s3:PutObject","fault":"error"}\nnonsense\n');
    expect(() => readFaultPlan(path)).toThrow(`${path}: line 2: `);
  });

  it('is named where there is none', () => {
    expect(() => readFaultPlan(join(folder, 'none.yml'))).toThrow(/none\.yml: ENOENT/);
  });
});

describe('a fault', () => {
  const faults: fc.Arbitrary<Fault> = fc.oneof(
    fc.constantFrom('throttle', 'hang-up-after', 'reorder').map((kind) => ({ kind })),
    fc.nat({ max: 999_999_999 }).map((ms) => ({ kind: 'delay' as const, ms })),
    fc.record({
      kind: fc.constantFrom('kill-at-call' as const, 'kill-after-call' as const),
      call: fc.integer({ min: 1, max: 999_999 }),
    }),
  );

  it('is read as it is written', () => {
    const property = fc.property(faults, (fault) => {
      expect(parseFault(formatFault(fault))).toEqual(fault);
    });
    fc.assert(property, { seed: 1 });
  });

  it.each([
    ['delay 500ms', 500],
    ['delay 1.5s', 1500],
    ['delay 2m', 120_000],
  ])('%s takes %i ms', (text, ms) => {
    expect(parseFault(text)).toEqual({ kind: 'delay', ms });
  });

  it.each(['throttle 3', 'kill-at-call', 'kill-at-call 0', 'delay', 'delay -1s', 'delay 1h', ''])(
    'is not %j',
    (text) => expect(parseFault(text)).toBeUndefined(),
  );
});
