import { AwsError } from '../core/aws-error';
import type { FunctionConfig } from './function-config';

// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
const RESERVED_VARIABLES = [
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
];

/**
 * Throws InvalidParameterValueException for what CreateFunction or PutFunctionEventInvokeConfig
 * would refuse. https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
 */
export function checkConfig(config: FunctionConfig): void {
  // The name is also that of the log file.
  if (!/^[A-Za-z0-9-_]{1,64}$/.test(config.name)) {
    throw invalid(config, 'name', config.name, 'up to 64 letters, digits, - and _');
  }
  checkRange(config, 'memoryMb', config.memoryMb, 128, 10_240);
  checkRange(config, 'timeoutSeconds', config.timeoutSeconds, 1, 900);
  checkRange(config, 'reservedConcurrency', config.reservedConcurrency ?? 0, 0, Infinity);
  const { maximumRetryAttempts, maximumEventAgeSeconds } = config.async;
  checkRange(config, 'maximumRetryAttempts', maximumRetryAttempts, 0, 2);
  checkRange(config, 'maximumEventAgeSeconds', maximumEventAgeSeconds, 60, 21_600);
  for (const name of Object.keys(config.environment)) {
    if (RESERVED_VARIABLES.includes(name)) {
      throw invalid(config, 'environment', name, 'no variable that Lambda itself sets');
    }
  }
}

function checkRange(
  config: FunctionConfig,
  what: string,
  value: number,
  minimum: number,
  maximum: number,
): void {
  if (!Number.isInteger(value) || value < minimum || value > maximum) {
    throw invalid(config, what, value, `an integer from ${minimum} to ${maximum}`);
  }
}

function invalid(
  config: FunctionConfig,
  what: string,
  value: string | number,
  expected: string,
): AwsError {
  return new AwsError(
    'InvalidParameterValueException',
    `Function "${config.name}": ${what} is "${value}"; expected ${expected}.`,
  );
}
