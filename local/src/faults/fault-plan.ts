import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { load, YAMLException } from 'js-yaml';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { isJsonObject } from '@saleslake/shared/runtime/json-object';
import { formOf, parseFault, type FaultKind, type FaultText } from './fault';
import { ACTION_PREFIXES, CALL_FAULTS, INNER_OPERATIONS, isInnerOperation } from './operation';

/** Which faults are to strike, as a plan's file has it. */
export interface FaultPlan {
  /** Decides where probabilities strike; 0 where none is given. */
  seed?: number;
  /** The first that has something for an occurrence deals it. */
  rules: FaultRule[];
}

/** With neither `nth` nor `probability`, each occurrence meets the fault. */
export interface FaultRule {
  /** An action such as `s3:PutObject`, with wildcards, or one of the inner operations. */
  on: string;
  /** The key, queue, function, table or stream, with wildcards. */
  subject?: string;
  /** Part of the name of the function or role that calls; `people` for everyone else. */
  caller?: string;
  /** Counted for each operation and subject, from 1, of the calls by `caller`. */
  nth?: number;
  probability?: number;
  fault: FaultText;
}

const PLAN_FIELDS = ['seed', 'rules'];
const RULE_FIELDS = ['on', 'subject', 'caller', 'nth', 'probability', 'fault'];

/**
 * Reads a plan from a file: YAML, or where it is named `.ndjson` the log of faults that were dealt,
 * which orders the very same again.
 * @throws SaleslakeError InvalidFaultPlan naming file, rule, field and what was expected.
 */
export function readFaultPlan(path: string): FaultPlan {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw invalid(path, (error as Error).message);
  }
  return path.endsWith('.ndjson') ? parseFaultLog(text, path) : parseFaultPlan(text, path);
}

/** A plan from YAML, hence from JSON. `source` is what messages call it. Throws InvalidFaultPlan. */
export function parseFaultPlan(text: string, source: string): FaultPlan {
  let plan: unknown;
  try {
    plan = load(text, { filename: basename(source) });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw invalid(source, error.message);
  }
  if (!isJsonObject(plan)) throw unexpected(source, 'the plan', plan, 'seed and rules');
  checkFields(plan, PLAN_FIELDS, source);
  const { seed, rules } = plan;
  if (seed !== undefined && !Number.isSafeInteger(seed)) {
    throw unexpected(source, 'seed', seed, 'a whole number');
  }
  if (!Array.isArray(rules)) throw unexpected(source, 'rules', rules, 'a list');
  return {
    ...(seed !== undefined && { seed: seed as number }),
    rules: rules.map((rule: unknown, i) => checkRule(rule, `${source}: rule ${i + 1}`)),
  };
}

/** A plan from the lines of a log. Throws InvalidFaultPlan. */
function parseFaultLog(text: string, source: string): FaultPlan {
  // A last line that a kill cut short struck nobody.
  const lines = text.split('\n').slice(0, -1);
  const rules = lines.map((line, i) => {
    const where = `${source}: line ${i + 1}`;
    let entry: unknown;
    try {
      entry = JSON.parse(line);
    } catch (error) {
      throw invalid(where, (error as Error).message);
    }
    if (!isJsonObject(entry)) throw unexpected(where, 'the line', entry, 'an object');
    const rule = { ...entry };
    delete rule['at'];
    return checkRule(rule, where);
  });
  return { rules };
}

function checkRule(rule: unknown, where: string): FaultRule {
  if (!isJsonObject(rule)) throw unexpected(where, 'the rule', rule, 'on and fault');
  checkFields(rule, RULE_FIELDS, where);
  const { on, nth, probability, fault } = rule;
  if (typeof on !== 'string' || !isOperation(on)) {
    throw unexpected(
      where,
      'on',
      on,
      `an action of ${ACTION_PREFIXES.join(', ')}, such as s3:PutObject or s3:*, ` +
        `or one of ${Object.keys(INNER_OPERATIONS).join(', ')}`,
    );
  }
  for (const name of ['subject', 'caller']) {
    const value = rule[name];
    if (value !== undefined && typeof value !== 'string') {
      throw unexpected(where, name, value, 'a text');
    }
  }
  if (nth !== undefined && !(Number.isSafeInteger(nth) && (nth as number) >= 1)) {
    throw unexpected(where, 'nth', nth, 'a whole number from 1');
  }
  if (probability !== undefined && !isProbability(probability)) {
    throw unexpected(where, 'probability', probability, 'a number above 0, up to 1');
  }
  if (nth !== undefined && probability !== undefined) {
    throw invalid(where, 'has both nth and probability; expected one of them, or neither');
  }
  const kind = typeof fault === 'string' ? parseFault(fault)?.kind : undefined;
  const fitting = faultsOf(on);
  if (kind === undefined || !fitting.includes(kind)) {
    throw unexpected(where, 'fault', fault, `one of ${fitting.map(formOf).join(', ')} for ${on}`);
  }
  return rule as unknown as FaultRule;
}

function isOperation(on: string): boolean {
  if (isInnerOperation(on) || on === '*') return true;
  const [, prefix = ''] = /^([a-z0-9]+):[A-Z*?][A-Za-z0-9*?]*$/.exec(on) ?? [];
  return ACTION_PREFIXES.includes(prefix);
}

function faultsOf(on: string): readonly FaultKind[] {
  return isInnerOperation(on) ? INNER_OPERATIONS[on] : CALL_FAULTS;
}

function isProbability(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && value <= 1;
}

function checkFields(record: object, known: string[], where: string): void {
  const unknown = Object.keys(record).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw invalid(where, `has the field ${unknown}; expected ${known.join(', ')}`);
}

function unexpected(where: string, field: string, value: unknown, expected: string) {
  const found = value === undefined ? 'missing' : JSON.stringify(value);
  return invalid(where, `${field} is ${found}; expected ${expected}`);
}

function invalid(where: string, reason: string): SaleslakeError {
  return new SaleslakeError('InvalidFaultPlan', `${where}: ${reason}.`);
}
