import { Logger } from '@aws-lambda-powertools/logger';

export type { Logger };

/**
 * The structured JSON logger of a function. Give each piece of work a child with its
 * `correlation_id`: the key of the source object it is about.
 * https://docs.aws.amazon.com/powertools/typescript/latest/features/logger/
 */
export function createLogger(serviceName: string): Logger {
  return new Logger({ serviceName });
}
