import { memory, type Arena } from './arena';
import { MEMBER_KINDS, type Layout, type Member } from './layout';

// The kernel's Layout, Field by Field, and the literals behind them.
const LAYOUT_BYTES = 16;
const FIELD_BYTES = 72;
const FIELD_WORDS = 6;
/** What of a literal stands in the field itself. */
const HEAD_BYTES = 16;
/** Literals are compared by sixteen bytes. */
const LITERAL_PADDING = 16;

/** What may be among members of which all have usual values. */
const USUAL_KINDS: ReadonlySet<Member['kind']> = new Set(['text', 'int', 'decimal', 'timestamp']);

const OPEN_BRACE = 0x7b;
const COMMA = 0x2c;

/** Puts a layout where the kernel finds it. @returns its address. */
export function putLayout(layout: Layout, arena: Arena): number {
  // Where the first member must be there, each of the others has a comma before it.
  const separated = layout[0]?.member.optional === false;
  const literals = layout.map(({ literal }, i) =>
    separated ? Uint8Array.of(i === 0 ? OPEN_BRACE : COMMA, ...literal) : literal,
  );
  const room = literals.reduce((sum, { length }) => sum + length + LITERAL_PADDING, 0);
  const address = arena.allocate(LAYOUT_BYTES + layout.length * FIELD_BYTES + room);

  const fields = address + LAYOUT_BYTES;
  const behindFields = fields + layout.length * FIELD_BYTES;
  const usual = separated && layout.every(({ member }) => USUAL_KINDS.has(member.kind));
  new Int32Array(memory.buffer, address, 4).set([
    fields,
    behindFields,
    Number(separated),
    Number(usual),
  ]);
  let literalAt = behindFields;
  for (const [i, { member }] of layout.entries()) {
    const literal = literals[i]!;
    const { kind, target, validity, optional } = member;
    const valid = validity?.byteOffset ?? 0;
    const at = fields + i * FIELD_BYTES;
    new Int32Array(memory.buffer, at, FIELD_WORDS).set([
      MEMBER_KINDS[kind],
      target,
      valid,
      Number(optional),
      literal.length,
      literalAt,
    ]);
    const heads = new Uint8Array(memory.buffer, at + FIELD_WORDS * 4, HEAD_BYTES * 3);
    heads.set(literal.subarray(0, HEAD_BYTES));
    heads.fill(0xff, HEAD_BYTES, HEAD_BYTES + Math.min(literal.length, HEAD_BYTES));
    heads.set(literal.subarray(-HEAD_BYTES), HEAD_BYTES * 2);
    new Uint8Array(memory.buffer, literalAt).set(literal);
    literalAt += literal.length + LITERAL_PADDING;
  }
  return address;
}
