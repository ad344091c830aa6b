import { AwsError } from '../core/aws-error';
import { compileEventPattern } from '../eventbridge/event-pattern';
import type { PipeConfig } from './pipe-config';
import { invalidPipe } from './pipe-error';
import { ADDED_TO_KINESIS_RECORDS, type PipeEvent } from './pipe-source';

/**
 * Compiles a pipe's filters to the question whether an event passes. Throws ValidationException
 * for a pattern that AWS would refuse.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-filtering.html
 */
export function compileFilters(config: PipeConfig): (event: PipeEvent) => boolean {
  const isKinesis = config.sourceArn.includes(':kinesis:');
  const tests = config.filters.map((text) => {
    const pattern = parse(config, text);
    if (isKinesis) checkKinesisPattern(config, pattern);
    const matches = compile(config, pattern);
    const needsJson = isKinesis && Object.hasOwn(pattern, 'data');
    return ({ decoded }: PipeEvent) => (!needsJson || hasJson(decoded)) && matches(decoded);
  });
  return (event) => tests.length === 0 || tests.some((passes) => passes(event));
}

function parse({ where }: PipeConfig, text: string): object {
  try {
    const pattern = JSON.parse(text) as unknown;
    if (typeof pattern === 'object' && pattern !== null) return pattern;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw invalidPipe(where, `has a filter that is no JSON object: ${text}`);
}

function compile({ where }: PipeConfig, pattern: object): (event: object) => boolean {
  try {
    return compileEventPattern(pattern);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalidPipe(where, `has a filter that is no event pattern: ${error.message}`);
  }
}

function checkKinesisPattern({ where }: PipeConfig, pattern: object): void {
  const added = Object.keys(pattern).find((name) => ADDED_TO_KINESIS_RECORDS.includes(name));
  if (added !== undefined) {
    throw invalidPipe(where, `has a filter on ${added}, which a pipe cannot filter by`);
  }
  if ('data' in pattern && (typeof pattern.data !== 'object' || Array.isArray(pattern.data))) {
    throw invalidPipe(where, 'has a filter on data that is no JSON object');
  }
}

/** A record whose data is no JSON passes no filter on data, not even one that a field be absent. */
function hasJson(decoded: object): boolean {
  return 'data' in decoded && typeof decoded.data === 'object' && decoded.data !== null;
}
