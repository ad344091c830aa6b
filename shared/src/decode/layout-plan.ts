import { memory, type Arena } from './arena';
import { kernel } from './kernel';
import { MEMBER_KINDS, type Layout } from './layout';

// The kernel's Layout, Field by Field, and the literals behind them.
const LAYOUT_BYTES = 16;
const FIELD_WORDS = 11;
const HEADS_OFFSET = 48;
const MORE = 1 << 16;
/** What of a literal stands in the field itself. */
const HEAD_BYTES = 16;
/** Literals are compared by sixteen bytes. */
const LITERAL_PADDING = 16;

const FIELD_BYTES = kernel.FIELD_BYTES.value;
const RUN_BYTES = kernel.RUN_BYTES.value;
/** As many codes have room in what a Run remembers of a text. */
const MOST_RUN_FIELDS = 4;

const OPEN_BRACE = Buffer.from('{');
const COMMA = Buffer.from(',');
const QUOTE = Buffer.from('"');
/** Of these kinds nearly all values are in quotes. */
const QUOTED = new Set<keyof typeof MEMBER_KINDS>(['text', 'timestamp']);

/** Puts a layout where the kernel finds it. @returns its address. */
export function putLayout(layout: Layout, arena: Arena): number {
  // Where the first member must be there, each of the others has a comma before it.
  const separated = layout[0]?.member.optional === false;
  const keys = layout.map(({ literal }, i) =>
    Buffer.concat([i === 0 ? OPEN_BRACE : COMMA, literal]),
  );
  const literals = layout.map(({ member }, i) =>
    QUOTED.has(member.kind) ? Buffer.concat([keys[i]!, QUOTE]) : keys[i]!,
  );
  const room = literals.reduce((sum, { length }) => sum + length + LITERAL_PADDING, 0);
  const runs = layout.map((_, i) => (separated ? runBehind(layout, i) : 0));
  const runRoom = runs.reduce((sum, fields) => sum + (fields > 0 ? RUN_BYTES : 0), 0);
  const address = arena.allocate(LAYOUT_BYTES + layout.length * (FIELD_BYTES + 4) + room + runRoom);

  const fields = address + LAYOUT_BYTES;
  const behindFields = fields + layout.length * FIELD_BYTES;
  new Int32Array(memory.buffer, address, 2).set([fields, behindFields]);
  // The targets of all fields, those of a run one behind another.
  const targets = new Int32Array(memory.buffer, behindFields, layout.length);
  targets.set(layout.map(({ member }) => member.target));
  let runAt = behindFields + targets.byteLength;
  let literalAt = runAt + runRoom;
  for (const [i, { member }] of layout.entries()) {
    const literal = literals[i]!;
    const { kind, target, validity, optional } = member;
    const at = fields + i * FIELD_BYTES;
    new Int32Array(memory.buffer, at, FIELD_WORDS).set([
      MEMBER_KINDS[kind],
      target,
      validity?.byteOffset ?? 0,
      Number(optional),
      literal.length,
      literalAt,
      keys[i]!.length,
      Number(!separated),
      runs[i]! > 0 ? runAt : 0,
      targets.byteOffset + (i + 1) * 4,
      ignoredBytes(literal, separated),
    ]);
    if (runs[i]! > 0) {
      new Int32Array(memory.buffer, runAt, 1).set([runs[i]!]);
      runAt += RUN_BYTES;
    }
    const heads = new Uint8Array(memory.buffer, at + HEADS_OFFSET, HEAD_BYTES * 2);
    heads.set(literal.subarray(0, HEAD_BYTES));
    heads.set(literal.subarray(-HEAD_BYTES), HEAD_BYTES);
    new Uint8Array(memory.buffer, literalAt).set(literal);
    literalAt += literal.length + LITERAL_PADDING;
  }
  return address;
}

/** A bit for each byte of a head that is not of the literal, or not always; and one where there is more to compare. */
function ignoredBytes({ length }: Uint8Array, separated: boolean): number {
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
