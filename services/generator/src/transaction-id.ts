import type { Random } from '@saleslake/shared/synthetic/random';

const HEX = Array.from({ length: 2 ** 16 }, (_, value) => value.toString(16).padStart(4, '0'));

/**
 * A UUID whose 122 free bits come from the stream: version 4, which may be pseudorandom.
 * https://www.rfc-editor.org/rfc/rfc9562#section-5.4
 */
export function transactionId(random: Random): string {
  const [a, b, c, d] = [random(), random(), random(), random()];
  const version = (b & 0x0fff) | 0x4000;
  const variant = ((c >>> 16) & 0x3fff) | 0x8000;
  return (
    `${hex(a >>> 16)}${hex(a)}-${hex(b >>> 16)}-${hex(version)}-${hex(variant)}-` +
    `${hex(c)}${hex(d >>> 16)}${hex(d)}`
  );
}

function hex(value: number): string {
  return HEX[value & 0xffff] as string;
}
