import { AwsError } from '../core/aws-error';

export interface EventSourceMappingConfig {
  queueArn: string;
  functionName: string;
  /** Messages an invocation gets at most. */
  batchSize: number;
  /** How long to gather a batch, from its first message on. */
  maximumBatchingWindowSeconds: number;
  reportBatchItemFailures: boolean;
  /** Invocations at a time. */
  maximumConcurrency?: number;
  enabled: boolean;
  /** Not emulated. */
  filterCriteria?: unknown;
}

const MOST_WITHOUT_WINDOW = 10;

/**
 * Throws InvalidParameterValueException where Lambda would, or where the local AWS does not
 * emulate what is asked for.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
 */
export function checkConfig(config: EventSourceMappingConfig): void {
  const { batchSize, maximumBatchingWindowSeconds: window, maximumConcurrency } = config;
  const refuse = (reason: string): never => {
    throw new AwsError(
      'InvalidParameterValueException',
      `Event source mapping of ${config.functionName} to ${config.queueArn}: ${reason}`,
    );
  };
  const check = (name: string, value: number, lowest: number, highest: number): void => {
    if (Number.isInteger(value) && value >= lowest && value <= highest) return;
    refuse(`${name} is ${value}; expected a whole number from ${lowest} to ${highest}.`);
  };
  if (config.filterCriteria !== undefined) {
    refuse('FilterCriteria: not emulated by the local AWS.');
  }
  check('BatchSize', batchSize, 1, 10_000);
  check('MaximumBatchingWindowInSeconds', window, 0, 300);
  if (maximumConcurrency !== undefined) {
    check('ScalingConfig.MaximumConcurrency', maximumConcurrency, 2, 1000);
  }
  if (batchSize > MOST_WITHOUT_WINDOW && window === 0) {
    refuse(
      `BatchSize is ${batchSize}; above ${MOST_WITHOUT_WINDOW} it needs ` +
        'MaximumBatchingWindowInSeconds of at least 1.',
    );
  }
}
