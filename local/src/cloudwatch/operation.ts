import type { AwsContext } from '../core/aws-context';
import type { Input } from './parameters';

/** Who asks. */
export interface Caller {
  /** Throws AccessDenied where the caller may not do `cloudwatch:<action>`, on `arn` where given. */
  allow(action: string, arn?: string): void;
}

export type CloudWatchOperation = (input: Input, caller: Caller) => object;

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html */
export function callerOf(context: AwsContext, accessKeyId: string | undefined): Caller {
  return {
    allow: (action, arn = '*') => context.authorize(accessKeyId, `cloudwatch:${action}`, arn),
  };
}
