import type { SubscriptionProtocol } from './topic-config';

/** The phases of a delivery policy, each a number of retries. */
interface RetryPolicy {
  immediate: number;
  /** `first` seconds apart. */
  preBackoff: number;
  /** Exponentially from `first` to `last` seconds. */
  backoff: number;
  /** `last` seconds apart. */
  postBackoff: number;
  first: number;
  last: number;
}

const AWS_ENDPOINT: RetryPolicy = {
  immediate: 3,
  preBackoff: 2,
  backoff: 10,
  postBackoff: 100_000,
  first: 1,
  last: 20,
};

const MAIL: RetryPolicy = {
  immediate: 0,
  preBackoff: 2,
  backoff: 10,
  postBackoff: 38,
  first: 10,
  last: 600,
};

// https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.retry.html
const WEB: RetryPolicy = {
  immediate: 0,
  preBackoff: 0,
  backoff: 3,
  postBackoff: 0,
  first: 20,
  last: 20,
};

const POLICIES: Record<SubscriptionProtocol, RetryPolicy> = {
  email: MAIL,
  'email-json': MAIL,
  http: WEB,
  https: WEB,
  lambda: AWS_ENDPOINT,
  sqs: AWS_ENDPOINT,
};

/**
 * How many milliseconds after the `failed`th failure in a row SNS tries again; undefined where it
 * gives up. SNS adds jitter, which is left out here.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html
 */
export function retryDelayMs(protocol: SubscriptionProtocol, failed: number): number | undefined {
  const { immediate, preBackoff, backoff, postBackoff, first, last } = POLICIES[protocol];
  let retry = failed - 1;
  if (retry < immediate) return 0;
  retry -= immediate;
  if (retry < preBackoff) return first * 1000;
  retry -= preBackoff;
  if (retry < backoff) return Math.round(first * 1000 * (last / first) ** (retry / (backoff - 1)));
  retry -= backoff;
  return retry < postBackoff ? last * 1000 : undefined;
}
