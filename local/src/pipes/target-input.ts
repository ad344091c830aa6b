import type { Clock } from '../core/clock';
import { compileJsonPath } from './json-path';
import type { PipeConfig } from './pipe-config';
import { invalidPipe } from './pipe-error';
import type { PipeEvent } from './pipe-source';

const PLACEHOLDER = /<(\$[^<>]*|aws\.[^<>]*)>/g;

/**
 * Compiles what the target is sent for an event, as text: its JSON, or the template filled in.
 * Throws ValidationException for a placeholder that is neither a path nor a reserved variable.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html
 */
export function compileTargetInput(config: PipeConfig, clock: Clock): (event: PipeEvent) => string {
  const { inputTemplate } = config;
  if (inputTemplate === undefined) return ({ payload }) => JSON.stringify(payload);
  const readers = new Map<string, (event: PipeEvent) => unknown>();
  for (const [, name = ''] of inputTemplate.matchAll(PLACEHOLDER)) {
    readers.set(name, reservedVariable(config, clock, name) ?? path(config, name));
  }
  return (event) => fill(inputTemplate, (name) => readers.get(name)?.(event));
}

function path({ where }: PipeConfig, text: string): (event: PipeEvent) => unknown {
  const read = compileJsonPath(text);
  if (read) return ({ decoded }) => read(decoded);
  throw invalidPipe(where, `has an InputTemplate with <${text}>, which is no path or variable`);
}

function reservedVariable(
  config: PipeConfig,
  clock: Clock,
  name: string,
): ((event: PipeEvent) => unknown) | undefined {
  const variables: Record<string, (event: PipeEvent) => unknown> = {
    'aws.pipes.pipe-arn': () => config.arn,
    'aws.pipes.pipe-name': () => config.name,
    'aws.pipes.source-arn': () => config.sourceArn,
    'aws.pipes.target-arn': () => config.targetArn,
    'aws.pipes.event.ingestion-time': () => new Date(clock.now()).toISOString(),
    'aws.pipes.event': ({ payload }) => payload,
    'aws.pipes.event.json': ({ decoded }) => decoded,
  };
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}

// A placeholder inside a JSON string of the template is text, outside it is a JSON value. What
// the event has not is nothing in a string, and null elsewhere.
function fill(template: string, valueOf: (name: string) => unknown): string {
  let inString = false;
  const token = new RegExp(`\\\\.|"|${PLACEHOLDER.source}`, 'gs');
  return template.replace(token, (found, name: string | undefined) => {
    if (found === '"') inString = !inString;
    if (name === undefined) return found;
    const value = valueOf(name);
    if (!inString) return JSON.stringify(value ?? null);
    const text = typeof value === 'string' ? value : value === undefined ? '' : toJson(value);
    return toJson(text).slice(1, -1);
  });
}

function toJson(value: unknown): string {
  return JSON.stringify(value);
}
