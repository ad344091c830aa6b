import { SaleslakeError } from '@saleslake/shared/runtime/errors';

const LONGEST_MS = 10_000;

/**
 * Posts JSON to a webhook.
 * @throws SaleslakeError, which does not tell the URL, where it cannot be reached or answers
 * anything but 2xx: Lambda then tries again.
 */
export async function postJson(url: URL, body: object): Promise<void> {
  const signal = AbortSignal.timeout(LONGEST_MS);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    redirect: 'manual',
    signal,
  }).catch((error: unknown) => {
    const { name, cause } = error as Error & { cause?: { code?: string } };
    throw new SaleslakeError(
      'WebhookError',
      `The webhook could not be reached: ${cause?.code ?? name}.`,
    );
  });
  // Unread, it would keep the connection.
  await response.body?.cancel();
  if (!response.ok) {
    throw new SaleslakeError('WebhookError', `The webhook answered ${response.status}.`);
  }
}
