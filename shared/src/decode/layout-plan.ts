import { putWords, type Arena } from './arena';
import { FIELD_BYTES, RUN_BYTES } from './kernel-code';
import { source } from './kernel-source';
import { MEMBER_KINDS, type Layout, type Member } from './layout';

// The kernel's Layout, Field by Field, and the literals behind them.
const LAYOUT_BYTES = 16;
const HEADS_OFFSET = 48;
const MORE = 1 << 16;
/** What of a literal stands in the field itself. */
const HEAD_BYTES = 16;
/** Literals are compared by sixteen bytes. */
const LITERAL_PADDING = 16;

/** As many codes have room in what a Run remembers of a text. */
const MOST_RUN_FIELDS = 4;

const encoder = new TextEncoder();

/** Puts a layout where the kernel finds it. @returns its address. */
export function putLayout(layout: Layout, arena: Arena): number {
  // Where the first member must be there, each of the others has a comma before it.
  const separated = layout[0]?.member.optional === false;
  const literals = layout.map(({ literal, member }, i) =>
    encoder.encode((i === 0 ? '{' : ',') + literal + (isQuoted(member) ? '"' : '')),
  );
  const runs = layout.map((_, i) => (separated ? runBehind(layout, i) : 0));
  const head = LAYOUT_BYTES + layout.length * (FIELD_BYTES + 4);
  let runRoom = 0;
  for (const fields of runs) if (fields > 0) runRoom += RUN_BYTES;
  let literalRoom = 0;
  for (const { length } of literals) literalRoom += length + LITERAL_PADDING;
  const address = arena.allocate(head + runRoom + literalRoom);

  const fields = address + LAYOUT_BYTES;
  // The targets of all fields, those of a run one behind another.
  const targets = fields + layout.length * FIELD_BYTES;
  putWords(address, [fields, targets]);
  let runAt = address + head;
  let literalAt = runAt + runRoom;
  for (const [i, { member }] of layout.entries()) {
    const literal = literals[i]!;
    const { length } = literal;
    const { kind, target, validity, optional } = member;
    const hasRun = runs[i]! > 0;
    const field = fields + i * FIELD_BYTES;
    putWords(field, [
      MEMBER_KINDS[kind],
      target,
      validity?.byteOffset ?? 0,
      Number(optional),
      length,
      literalAt,
      isQuoted(member) ? length - 1 : length,
      Number(!separated),
      hasRun ? runAt : 0,
      targets + (i + 1) * 4,
      ignoredBytes(length, separated),
    ]);
    source.bytes.set(literal.subarray(0, HEAD_BYTES), field + HEADS_OFFSET);
    source.bytes.set(literal.subarray(-HEAD_BYTES), field + HEADS_OFFSET + HEAD_BYTES);
    source.bytes.set(literal, literalAt);
    literalAt += length + LITERAL_PADDING;
    putWords(targets + i * 4, [target]);
    if (hasRun) {
      putWords(runAt, [runs[i]!]);
      runAt += RUN_BYTES;
    }
  }
  return address;
}

/** Of these kinds nearly all values are in quotes. */
function isQuoted({ kind }: Member): boolean {
  return kind === 'text' || kind === 'timestamp';
}

/** A bit for each byte of a head that is not of the literal, or not always; and one where there is more to compare. */
function ignoredBytes(length: number, separated: boolean): number {
  const behind = length < HEAD_BYTES ? (-1 << length) & 0xffff : 0;
  const more = length > HEAD_BYTES || !separated ? MORE : 0;
  return behind | Number(!separated) | more;
}

/** How many texts that must be there follow behind a text. */
function runBehind(layout: Layout, first: number): number {
  const isText = (i: number): boolean => {
    const member = layout[i]?.member;
    return member?.kind === 'text' && !member.optional;
  };
  let fields = 0;
  while (fields < MOST_RUN_FIELDS && isText(first) && isText(first + fields + 1)) fields++;
  return fields;
}
