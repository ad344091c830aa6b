/** Whether a text is a sequencer: hexadecimal digits. */
export function isSequencer(text: unknown): text is string {
  return typeof text === 'string' && /^[0-9A-Fa-f]+$/.test(text);
}

/**
 * Orders the versions of one key by the sequencers of their S3 events: negative where `a` is the
 * older, 0 where they are the same. The shorter is padded with zeros on its right.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function compareSequencers(a: string, b: string): number {
  const length = Math.max(a.length, b.length);
  const [left, right] = [a, b].map((text) => text.toLowerCase().padEnd(length, '0'));
  return left! < right! ? -1 : left! > right! ? 1 : 0;
}
