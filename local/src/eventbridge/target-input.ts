import { AwsError } from '../core/aws-error';
import type { AwsEvent } from '../core/event';
import type { RuleConfig, RuleTarget } from './rule';

/**
 * Compiles what a target is sent, as JSON text, for an event that the bus took in at
 * `ingestedAt` (ISO 8601). Throws ValidationException on an input that is no JSON, a path that
 * EventBridge does not read, or a template that names an unknown variable.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function compileTargetInput(
  rule: RuleConfig,
  target: RuleTarget,
): (event: AwsEvent, ingestedAt: string) => string {
  const { input, inputPath, inputTransformer } = target;
  const given = [input, inputPath, inputTransformer].filter((one) => one !== undefined);
  if (given.length > 1) {
    throw invalid(rule, target, 'has more than one of Input, InputPath and InputTransformer');
  }
  if (input !== undefined) {
    if (!isJson(input)) throw invalid(rule, target, `has an Input that is not JSON: ${input}`);
    return () => input;
  }
  if (inputPath !== undefined) {
    const read = compilePath(rule, target, inputPath);
    return (event) => JSON.stringify(read(event) ?? null);
  }
  if (inputTransformer) return compileTransformer(rule, target, inputTransformer);
  return (event) => JSON.stringify(event);
}

function compileTransformer(
  rule: RuleConfig,
  target: RuleTarget,
  transformer: NonNullable<RuleTarget['inputTransformer']>,
): (event: AwsEvent, ingestedAt: string) => string {
  const { inputTemplate, inputPathsMap = {} } = transformer;
  const paths = Object.entries(inputPathsMap).map(
    ([name, path]) => [name, compilePath(rule, target, path)] as const,
  );
  const known = new Set([...Object.keys(inputPathsMap), ...Object.keys(predefined(rule))]);
  for (const [, name = ''] of inputTemplate.matchAll(PLACEHOLDER)) {
    if (!known.has(name)) throw invalid(rule, target, `has a template with unknown <${name}>`);
  }
  return (event, ingestedAt) => {
    const variables = new Map<string, unknown>([
      ...Object.entries(predefined(rule, event, ingestedAt)),
      ...paths.map(([name, read]) => [name, read(event)] as const),
    ]);
    return fill(inputTemplate, variables);
  };
}

const PLACEHOLDER = /<([\w.-]+)>/g;

function predefined(rule: RuleConfig, event?: AwsEvent, ingestedAt?: string) {
  return {
    'aws.events.rule-arn': rule.arn,
    'aws.events.rule-name': rule.name,
    'aws.events.event.ingestion-time': ingestedAt,
    'aws.events.event': event && { ...event, detail: undefined },
    'aws.events.event.json': event,
  };
}

// A variable inside a JSON string of the template is text, outside it is a JSON value. What the
// event has not is nothing in a string, and null elsewhere.
function fill(template: string, variables: Map<string, unknown>): string {
  let inString = false;
  return template.replace(/\\.|"|<([\w.-]+)>/gs, (token, name: string | undefined) => {
    if (token === '"') inString = !inString;
    if (name === undefined) return token;
    const value = variables.get(name);
    if (!inString) return JSON.stringify(value ?? null);
    const text = typeof value === 'string' ? value : value === undefined ? '' : toText(value);
    return toText(text).slice(1, -1);
  });
}

function toText(value: unknown): string {
  return JSON.stringify(value);
}

function compilePath(
  rule: RuleConfig,
  target: RuleTarget,
  path: string,
): (event: AwsEvent) => unknown {
  if (!/^\$(\.[\w/-]+|\[\d+\])*$/.test(path)) {
    throw invalid(rule, target, `has the path ${path}; expected one such as $.detail.list[0]`);
  }
  const steps = [...path.matchAll(/\.([\w/-]+)|\[(\d+)\]/g)].map(
    ([, name, index]) => name ?? index ?? '',
  );
  return (event) =>
    steps.reduce<unknown>(
      (node, step) =>
        typeof node === 'object' && node !== null && Object.hasOwn(node, step)
          ? (node as Record<string, unknown>)[step]
          : undefined,
      event,
    );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function invalid(rule: RuleConfig, target: RuleTarget, what: string): AwsError {
  return new AwsError('ValidationException', `Target ${target.id} of rule ${rule.name} ${what}.`);
}
