import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';

// Whoever changes the secret has the new one used within these.
const KEPT_MS = 5 * 60_000;

/**
 * Reads the webhook's URL, which is the secret's whole text, or the member `url` of JSON as the
 * console makes it. It lets anybody post, so it is in no error and no log.
 * @throws SaleslakeError where the secret is no URL of https; http is for this machine alone.
 */
export function webhookUrlReader(
  client: SecretsManagerClient,
  SecretId: string,
  now: () => number = Date.now,
): () => Promise<URL> {
  let kept: { url: URL; until: number } | undefined;
  return async () => {
    if (kept && now() < kept.until) return kept.url;
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
    const url = parseUrl(SecretString.trim());
    if (!url) {
      throw new SaleslakeError(
        'WebhookSecretError',
        `The secret ${SecretId} is not the URL of a webhook; expected https://…, or {"url":"https://…"}.`,
      );
    }
    kept = { url, until: now() + KEPT_MS };
    return url;
  };
}

function parseUrl(text: string): URL | undefined {
  const found = [text, urlInJson(text)].find((each) => URL.canParse(each));
  const url = found === undefined ? undefined : new URL(found);
  const here = url && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  return url?.protocol === 'https:' || (here && url.protocol === 'http:') ? url : undefined;
}

function urlInJson(text: string): string {
  try {
    return String((JSON.parse(text) as { url?: unknown } | null)?.url);
  } catch {
    // Told by the caller, in words that do not quote it.
    return '';
  }
}
