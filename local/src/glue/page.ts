import type { AwsError } from '../core/aws-error';
import type { Input } from './input';

/**
 * The part of a list that the request's NextToken and MaxResults ask for. A token names the last
 * item of the page before, so that a list may change between two pages.
 *
 * @param items in the order of their names
 * @param most items a page at most, also where the request asks for none in particular
 */
export function pageOf<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  input: Input,
  most: number,
  invalid: (message: string) => AwsError,
): { items: T[]; NextToken?: string } {
  const token = input.optionalString('NextToken');
  const after = token === undefined ? undefined : Buffer.from(token, 'base64url').toString();
  if (token !== undefined && Buffer.from(after ?? '').toString('base64url') !== token) {
    throw invalid(`NextToken ${token} is of no list.`);
  }
  const rest = after === undefined ? items : items.filter((item) => nameOf(item) > after);
  const page = rest.slice(0, input.optionalInteger('MaxResults', 1, most) ?? most);
  const last = page.at(-1);
  if (last === undefined || page.length === rest.length) return { items: page };
  return { items: page, NextToken: Buffer.from(nameOf(last)).toString('base64url') };
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
