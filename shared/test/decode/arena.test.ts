import { createArena, memory, whenShort, type Arena } from '@saleslake/shared/decode/arena';
import { below, oneOf, randomOf } from './random-records';

let arenas: Arena[] = [];
function newArena(): Arena {
  const arena = createArena();
  arenas.push(arena);
  return arena;
}
afterEach(() => {
  for (const arena of arenas) arena.release();
  arenas = [];
});

const MIB = 1 << 20;
const viewOf = (address: number, length: number) => new Uint8Array(memory.buffer, address, length);

describe('an arena', () => {
  it('gives blocks of zeros', () => {
    const arena = newArena();
    for (const length of [1, 2, 63, 64, 65, 1000, 4096, 70_000]) {
      expect(arena.bytes(length)).toEqual(new Uint8Array(length));
    }
  });

  it('gives zeros again where something was written before', () => {
    const first = newArena();
    const freed = first.bytes(1000).fill(7);
    first.free(freed.byteOffset);
    expect(first.bytes(1000)).toEqual(new Uint8Array(1000));
    const written = [1, 64, 100, 5000].map((length) => first.bytes(length).fill(9));
    first.release();
    const second = newArena();
    for (const { length } of written) expect(second.bytes(length)).toEqual(new Uint8Array(length));
  });

  it('gives zeros for a larger block than was asked for before', () => {
    const arena = newArena();
    const block = arena.bytes(65);
    viewOf(block.byteOffset, 128).fill(7);
    arena.free(block.byteOffset);
    expect(arena.bytes(128)).toEqual(new Uint8Array(128));
  });

  it('takes a block that was freed for the next one of its size', () => {
    const arena = newArena();
    const address = arena.allocate(300);
    arena.free(address);
    expect(arena.allocate(500)).toBe(address);
  });

  it('uses the memory of an arena that was released for the next', () => {
    const lengths = [10, 10, 100, 1000, 3000, 20_000];
    const first = createArena();
    const before = lengths.map((length) => first.allocate(length));
    first.release();
    const second = newArena();
    const after = lengths.map((length) => second.allocate(length));
    expect(after.toSorted()).toEqual(before.toSorted());
  });

  it('gives back no block twice', () => {
    const first = createArena();
    const address = first.allocate(MIB);
    first.free(address);
    first.release();
    const second = newArena();
    expect(second.allocate(MIB)).not.toBe(second.allocate(MIB));
  });

  it.each([
    ['bytes', 1],
    ['int32s', 4],
    ['uint32s', 4],
    ['doubles', 8],
  ] as const)('gives %s by their number, %i bytes each', (kind, size) => {
    const arena = newArena();
    const array = arena[kind](33);
    expect([array.length, array.BYTES_PER_ELEMENT]).toEqual([33, size]);
    expect(array.buffer).toBe(memory.buffer);
    expect(array.byteOffset % 16).toBe(0);
  });

  it.each([
    [[1, -2, 3], undefined],
    [[1, 2], [0.5]],
    [
      [1, 2, 3],
      [-0.5, 1e300],
    ],
    [[], [4]],
  ])('puts words %j and, aligned behind them, doubles %j', (words, doubles) => {
    const address = newArena().struct(words, doubles);
    expect([...new Int32Array(memory.buffer, address, words.length)]).toEqual(words);
    const behind = address + Math.ceil(words.length / 2) * 8;
    const count = doubles?.length ?? 0;
    expect([...new Float64Array(memory.buffer, behind, count)]).toEqual(doubles ?? []);
  });

  it('calls those who want to know when it is released, and not before', () => {
    const arena = createArena();
    const calls: string[] = [];
    arena.whenReleased(() => calls.push('a'));
    arena.whenReleased(() => calls.push('b'));
    expect(calls).toEqual([]);
    arena.release();
    expect(calls).toEqual(['a', 'b']);
  });

  it('says that there is not enough, of one block or of many', () => {
    const arena = newArena();
    const message = /^50 MiB are not enough for the objects that are decoded at the same time$/;
    const ask = (bytes: number) => () => arena.allocate(bytes);
    for (const bytes of [64 * MIB, 1024 * MIB, 2 ** 31, 2 ** 31 + 1]) {
      expect(ask(bytes)).toThrow(RangeError);
      expect(ask(bytes)).toThrow(message);
    }
    const blocks: number[] = [];
    expect(() => {
      for (;;) blocks.push(arena.allocate(8 * MIB));
    }).toThrow(message);
    expect(blocks.length).toBeGreaterThanOrEqual(2);
  });

  it('has what is not used released before it says that there is not enough', () => {
    const unused = newArena();
    unused.allocate(20 * MIB);
    let calls = 0;
    whenShort(() => {
      calls++;
      unused.release();
    });
    const arena = newArena();
    arena.allocate(10 * MIB);
    expect(calls).toBe(0);
    arena.allocate(20 * MIB);
    expect(calls).toBe(1);
  });

  it('goes on after it had not enough', () => {
    const arena = newArena();
    expect(() => arena.allocate(64 * MIB)).toThrow(RangeError);
    expect(arena.bytes(100)).toEqual(new Uint8Array(100));
  });

  it.each([1, 2, 3, 4, 5])('gives blocks that do not overlap, seed %i', (seed) => {
    const random = randomOf(seed);
    const owners = [createArena(), createArena(), createArena()];
    arenas.push(...owners);
    /** Each filled with a mark of its own. */
    const held: { owner: number; block: Uint8Array; mark: number }[] = [];
    for (let step = 0; step < 400; step++) {
      const mark = step % 251;
      const choice = random();
      if (choice < 0.6 || held.length === 0) {
        const owner = below(random, owners.length);
        const length = 1 + below(random, oneOf(random, [1, 64, 65, 130, 5000]));
        const block = owners[owner]!.bytes(length);
        expect(block.every((byte) => byte === 0)).toBe(true);
        held.push({ owner, block: block.fill(mark + 1), mark: mark + 1 });
      } else if (choice < 0.99) {
        const [{ owner, block }] = held.splice(below(random, held.length), 1) as [(typeof held)[0]];
        owners[owner]!.free(block.byteOffset);
      } else {
        const gone = below(random, owners.length);
        owners[gone]!.release();
        owners[gone] = newArena();
        for (let i = held.length - 1; i >= 0; i--) if (held[i]!.owner === gone) held.splice(i, 1);
      }
      const { block, mark: expected } = held.at(-1) ?? { block: new Uint8Array(0), mark: 0 };
      expect(block.every((byte) => byte === expected)).toBe(true);
    }
    for (const { block, mark } of held) expect(block.every((byte) => byte === mark)).toBe(true);
  });
});
