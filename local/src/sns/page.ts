import { invalidParameter } from './sns-error';

// https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html
const PAGE_SIZE = 100;

/** A page of what is in the order of its ARNs, after the page that gave the token. */
export function page<T extends { arn: string }>(
  all: T[],
  token: string | undefined,
): { items: T[]; NextToken?: string } {
  const after = Buffer.from(token ?? '', 'base64').toString();
  if (token !== undefined && !after.startsWith('arn:')) {
    throw invalidParameter(`NextToken Reason: ${token}; expected the one of the last page`);
  }
  const rest = all.filter(({ arn }) => arn > after);
  const items = rest.slice(0, PAGE_SIZE);
  const more = rest.length > items.length;
  const NextToken = Buffer.from(items.at(-1)?.arn ?? '').toString('base64');
  return { items, ...(more && { NextToken }) };
}
