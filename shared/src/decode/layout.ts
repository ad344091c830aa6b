import { skipBlank } from './json-values';
import type { DecimalTarget, IntTarget } from './read-number';
import type { TextTarget } from './read-text';
import type { TimestampTarget } from './read-timestamp';
import type { ValueReader } from './value-reader';

/**
 * What a record may have under a key, and how it is read. The kinds that most columns are of come
 * with what their reader needs: called by its name a reader costs half of what it does through
 * `read`.
 */
export type Member = {
  read: ValueReader;
  /** Called where the record has no such member; undefined where it must. */
  absent?: (row: number) => void;
  /** Such a member is not looked for in records like one that lacks it. */
  rare?: boolean;
} & (
  | { kind?: undefined }
  | { kind: 'text' | 'uniqueText'; target: TextTarget }
  | { kind: 'int'; target: IntTarget }
  | { kind: 'decimal'; target: DecimalTarget }
  | { kind: 'timestamp'; target: TimestampTarget }
);

/** A member at its place in a layout: the bytes from the comma to the value are always the same. */
export interface Field {
  literal: Uint8Array;
  member: Member;
}

/** The members of a record in the order and with the spaces in which a producer writes them. */
export type Layout = readonly Field[];

const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;

export interface LearnedMember {
  name: string;
  literal: Uint8Array;
}

/**
 * The members of a record, or undefined where it cannot serve as a layout: where it is no flat
 * object, or has a key twice or with an escape in it, or blanks behind a value.
 */
export function learnMembers(text: Uint8Array): LearnedMember[] | undefined {
  const members: LearnedMember[] = [];
  const names = new Set<string>();
  let at = 0;
  if (text[at] !== OPEN_BRACE) return undefined;
  for (;;) {
    const start = at + 1;
    const quote = skipBlank(text, start, text.length);
    if (text[quote] !== QUOTE) return undefined;
    const close = text.indexOf(QUOTE, quote + 1);
    const key = text.subarray(quote + 1, close);
    const colon = skipBlank(text, close + 1, text.length);
    if (close < 0 || key.includes(BACKSLASH) || text[colon] !== COLON) return undefined;
    const value = skipBlank(text, colon + 1, text.length);
    const name = Buffer.from(key).toString('utf8');
    if (names.has(name)) return undefined;
    names.add(name);
    members.push({ name, literal: Buffer.from(text.subarray(start, value)) });
    at = behindScalar(text, value);
    if (text[at] === CLOSE_BRACE) return at === text.length - 1 ? members : undefined;
    if (text[at] !== COMMA) return undefined;
  }
}

function behindScalar(text: Uint8Array, start: number): number {
  let at = start;
  if (text[at] === QUOTE) {
    for (at++; at < text.length && text[at] !== QUOTE; at++) if (text[at] === BACKSLASH) at++;
    return at + 1;
  }
  while (at < text.length && text[at] !== COMMA && text[at] !== CLOSE_BRACE) at++;
  return at;
}
