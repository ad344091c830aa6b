import type { Outcome } from './delivery-queue';

// https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.prepare.html
const PATIENCE_MS = 15_000;

/** A request of SNS to an HTTP or HTTPS endpoint. */
export interface Post {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/**
 * Posts to an endpoint. It has taken the message where it answers with a 2xx within 15 seconds;
 * any other answer but a 429 or a 5xx is final.
 */
export async function postMessage(post: Post, stopped: AbortSignal): Promise<Outcome> {
  const { url, headers, body } = post;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'text/plain; charset=UTF-8',
        'user-agent': 'Amazon Simple Notification Service Agent',
        ...headers,
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.any([stopped, AbortSignal.timeout(PATIENCE_MS)]),
    });
    await response.body?.cancel();
    if (response.ok) return 'done';
    const reason = `${url} answered ${response.status}`;
    return { reason, retry: response.status === 429 || response.status >= 500 };
  } catch (error) {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? `${message}: ${cause.message}` : message;
    return { reason: `${url} did not answer: ${reason}`, retry: true };
  }
}
