import { describeColumn, type Violation } from '@saleslake/shared/contract/validate-row';
import type { TableContract } from '@saleslake/shared/contract/table-contract';

// What is wrong with a record, and what an error says, may quote what a customer gave. Alerts go to
// mailboxes and chats, so nothing passes here but what is known to have no such words in it.

const ERROR_TEXTS = [
  /Task timed out after [\d.]+ seconds/,
  /Runtime exited (?:with error: (?:exit status \d+|signal: [a-z]+)|without providing a reason)/,
  /JavaScript heap out of memory/,
  /not authorized to perform:? [a-z0-9-]+:[A-Za-z]+/,
  /connect [A-Z]+/,
  /\b(?:ECONNREFUSED|ECONNRESET|EMFILE|ENOMEM|ENOSPC|ENOTFOUND|EPIPE|ETIMEDOUT)\b/,
  /The environment variable [A-Z_]+ is not set/,
  /The specified (?:bucket|key) does not exist/,
  /Rate exceeded|Please reduce your request rate|We encountered an internal error/,
  /Cannot find module/,
];

/** The name of an error, and of its message what can hold no data. */
export function safeError(name: unknown, message: unknown): string {
  const safeName =
    typeof name === 'string' && /^[A-Z][A-Za-z0-9.]{0,63}$/.test(name) ? name : 'Error';
  for (const known of ERROR_TEXTS) {
    const [text] = known.exec(String(message)) ?? [];
    if (text !== undefined) return `${safeName}: ${text}`;
  }
  return `${safeName} (its words may hold data, and are not repeated here)`;
}

const RECORD_TEXTS = [
  /^a JSON object in UTF-8/,
  /^a JSON object that is not nested as deeply/,
  /^the end of the object/,
  // What follows in brackets quotes the record.
  /^a JSON object/,
  /^a JSON value/,
];

/** `price: expected a decimal(10,2), at least 0.00`: what the contract asks for, not what stood there. */
export function safeViolation(
  contract: TableContract | undefined,
  { field, expected }: Violation,
): string {
  if (field === null) {
    const [text] = RECORD_TEXTS.map((known) => known.exec(expected)?.[0]).filter(Boolean);
    return `expected ${text ?? 'what can be read as a record'}`;
  }
  if (field === contract?.key.join(', ')) {
    const [reused] = /^a [a-z0-9_, ]+ not used before; line \d+/.exec(expected) ?? [];
    if (reused !== undefined) return `${field}: expected ${reused} has it with other values`;
  }
  const column = { ...contract?.columns, ...contract?.partitionColumns }[field];
  if (!contract || !column) return 'a column that the table does not have';
  return `${field}: expected ${safeExpectation(contract, field, expected)}`;
}

function safeExpectation(contract: TableContract, field: string, expected: string): string {
  const column = { ...contract.columns, ...contract.partitionColumns }[field]!;
  const product = contract.products?.find(({ total }) => total === field);
  if (product && expected.includes(', which is ')) return `exactly ${product.factors.join(' × ')}`;
  const { derivedFrom } = column;
  if (derivedFrom && expected.includes(', the ')) {
    return `the ${derivedFrom.part} of ${derivedFrom.column}`;
  }
  const [years] = /^a year from \d{4} to \d{4}, UTC$/.exec(expected) ?? [];
  return years ?? describeColumn(column);
}

const WHOLE_TEXTS = [
  /^the key names no table/,
  /^not JSON: no record is a JSON value/,
  /^broken gzip/,
];

/** Why an object could not be used as a whole. */
export function safeReasonOfWhole(reasons: string): string {
  const [text] = WHOLE_TEXTS.map((known) => known.exec(reasons)?.[0]).filter(Boolean);
  return text ?? 'it could not be read';
}

const MISFITS = [
  /^it has no manifest$/,
  /^its manifest is (?:not complete|of another version)$/,
  /^\d+ [a-z ]+, but \d+ [a-z ]+$/,
  /has \d+ rows instead of \d+$/,
  /cannot be used/,
];

/** What the reconciler found wrong with an object. */
export function safeMisfit(reason: string): string {
  const [text] = MISFITS.map((known) => known.exec(reason)?.[0]).filter(Boolean);
  return text ?? 'see the report';
}

/** An object's key, which names it whatever characters it has; an address in it is no name. */
export function safeKey(key: string): string {
  return key.replace(/[^\s/=@]+@[^\s/=@]+/g, '(an address)').replace(/\p{Cc}/gu, ' ');
}

/** A name that AWS or this project gave, or a placeholder where it is none. */
export function safeName(value: unknown): string {
  return typeof value === 'string' && /^[\w!./:=+*'(),-]{1,400}$/.test(value) ? value : '(a name)';
}
