/**
 * A record's sequence number: 56 digits, made of when the stream was created, of shard and of
 * position, so that it grows within a shard, is unique in the stream, and tells the position.
 */
export function sequenceNumber(createdAt: number, shard: number, position: number): string {
  return `49${digits(createdAt, 13)}${digits(shard, 5)}${digits(position, 36)}`;
}

/** The position that a sequence number of this shard names; undefined for any other text. */
export function positionOf(text: string, createdAt: number, shard: number): number | undefined {
  const position = Number(text.slice(-36));
  return text === sequenceNumber(createdAt, shard, position) ? position : undefined;
}

function digits(value: number, length: number): string {
  return String(value).padStart(length, '0');
}
