import { learnMembers, type Layout, type Member } from './layout';
import type { Arena } from './arena';
import { kernel, MISS } from './kernel';
import { putLayout } from './layout-plan';

/** The layouts that records of an object have shown. */
export interface Layouts {
  /** The address of the layout that was last of use. */
  readonly latest: number | undefined;
  /** Reads the record at `start` into `row`: the position behind it, or MISS. */
  read(start: number, row: number): number;
  /** Forgets how often records were missed, and keeps the layouts: the next object begins. */
  reset(): void;
  /** Looks at a valid record that `read` has missed for what there is to learn. */
  learnFrom(text: Buffer): void;
}

const LAYOUTS = 8;
const MISSES_AT_MOST = 64;

/** `members` are all that a contract knows; `other` reads what it does not. */
export function createLayouts(
  members: ReadonlyMap<string, Member>,
  other: Member,
  arena: Arena,
): Layouts {
  // The one that was last of use comes first.
  const layouts: { address: number; literals: string }[] = [];
  let misses = 0;
  let missesToLearn = 1;

  return {
    get latest() {
      return layouts[0]?.address;
    },
    read(start, row) {
      for (let i = 0; i < layouts.length; i++) {
        const found = layouts[i]!;
        const behind = kernel.readRecord(found.address, start, row);
        if (behind < 0) continue;
        if (i > 0) {
          layouts.splice(i, 1);
          layouts.unshift(found);
        }
        return behind;
      }
      return MISS;
    },
    reset() {
      for (const { address } of layouts) kernel.resetLayout(address);
      misses = 0;
      missesToLearn = 1;
    },
    learnFrom(text) {
      // What cannot be learned is tried less and less often.
      if (++misses < missesToLearn) return;
      misses = 0;
      missesToLearn = Math.min(missesToLearn * 2, MISSES_AT_MOST);
      const layout = learnLayout(text, members, other);
      if (!layout) return;
      const literals = layout.map(({ literal }) => literal).join();
      if (layouts.some((known) => known.literals === literals)) return;
      const address = putLayout(layout, arena);
      kernel.resetLayout(address);
      layouts.unshift({ address, literals });
      if (layouts.length > LAYOUTS) arena.free(layouts.pop()!.address);
    },
  };
}

function learnLayout(
  text: Buffer,
  members: ReadonlyMap<string, Member>,
  other: Member,
): Layout | undefined {
  const learned = learnMembers(text);
  if (!learned) return undefined;
  const layout = learned.map(({ name, literal }) => ({
    literal,
    member: members.get(name) ?? other,
  }));
  const places = learned.map(({ name }) => name);
  // A member that this record lacks may come where the contract has it, spaced as the others are.
  const { name: sample, literal } = learned.at(-1)!;
  const style = literal.split(JSON.stringify(sample));
  let place = 0;
  for (const [name, member] of members) {
    const found = places.indexOf(name);
    if (found >= 0) {
      place = found + 1;
      continue;
    }
    if (!member.optional) return undefined;
    if (member.rare) continue;
    layout.splice(place, 0, { literal: style.join(JSON.stringify(name)), member });
    places.splice(place, 0, name);
    place++;
  }
  return layout;
}
