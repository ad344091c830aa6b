import { isBlank, skipBlank } from './json-values';
import type { StagedValidity } from './validity';

/** Which of the kernel's readers reads a member: see `shared/kernels/decoder/record.ts`. */
export const MEMBER_KINDS = {
  hosted: 0,
  text: 1,
  int: 2,
  decimal: 3,
  timestamp: 4,
  date: 5,
  skipped: 6,
} as const;

/** What a record may have under a key, and how the kernel reads it. */
export interface Member {
  kind: keyof typeof MEMBER_KINDS;
  /** The address of where its values are put; of a hosted member the number of its reader. */
  target: number;
  /** Of each row whether it is not null; undefined where there are no nulls, or it is hosted. */
  validity: StagedValidity;
  /** Whether a record may lack it. */
  optional: boolean;
  /** Such a member is not looked for in records like one that lacks it. */
  rare?: boolean;
}

/** A member at its place in a layout: the text from the comma to the value is always the same. */
export interface Field {
  literal: string;
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

const MOST_MEMBERS = 1000;
const MOST_LITERAL_BYTES = 64 * 1024;

export interface LearnedMember {
  name: string;
  literal: string;
}

/**
 * The members of a record in UTF-8, or undefined where it cannot serve as a layout: where it is no flat
 * object, or has a key twice or with an escape in it, or blanks behind a value; and where it has more
 * members or longer keys than a table would.
 */
export function learnMembers(text: Buffer): LearnedMember[] | undefined {
  const members: LearnedMember[] = [];
  let literalBytes = 0;
  const names = new Set<string>();
  let at = 0;
  if (text[at] !== OPEN_BRACE) return undefined;
  for (;;) {
    const start = at + 1;
    const quote = skipBlank(text, start, text.length);
    if (text[quote] !== QUOTE) return undefined;
    const close = text.indexOf(QUOTE, quote + 1);
    const colon = skipBlank(text, close + 1, text.length);
    if (close < 0 || text[colon] !== COLON) return undefined;
    const value = skipBlank(text, colon + 1, text.length);
    const name = text.toString('utf8', quote + 1, close);
    if (name.includes('\\') || names.has(name)) return undefined;
    names.add(name);
    members.push({ name, literal: text.toString('utf8', start, value) });
    literalBytes += value - start;
    if (members.length > MOST_MEMBERS || literalBytes > MOST_LITERAL_BYTES) return undefined;
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
  while (at < text.length && text[at] !== COMMA && text[at] !== CLOSE_BRACE) {
    if (isBlank(text[at])) return at;
    at++;
  }
  return at;
}
