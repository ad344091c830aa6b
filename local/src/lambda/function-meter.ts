import type { Measure } from '../cloudwatch/metric-datum';
import { AwsError } from '../core/aws-error';
import type { InvokeResult } from './function-config';

/** Measures functions as Lambda does. */
export interface FunctionMeter {
  /** Runs an invocation, and measures what becomes of it. */
  invocation(functionName: string, run: () => Promise<InvokeResult>): Promise<InvokeResult>;
  /** Counts one of `metric`. */
  count(functionName: string, metric: string): void;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export function functionMeter(measure: Measure | undefined): FunctionMeter {
  const put = (FunctionName: string, name: string, value: number, unit = 'Count'): void =>
    measure?.({
      namespace: 'AWS/Lambda',
      name,
      dimensions: { FunctionName },
      values: [value],
      unit,
    });

  return {
    count: (functionName, metric) => put(functionName, metric, 1),

    async invocation(functionName, run) {
      try {
        const result = await run();
        put(functionName, 'Invocations', 1);
        put(functionName, 'Errors', result.functionError ? 1 : 0);
        put(functionName, 'Throttles', 0);
        put(functionName, 'Duration', result.durationMs, 'Milliseconds');
        return result;
      } catch (error) {
        if (error instanceof AwsError && error.code === 'TooManyRequestsException') {
          put(functionName, 'Throttles', 1);
        }
        throw error;
      }
    },
  };
}
