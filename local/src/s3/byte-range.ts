import { s3Error } from './s3-error';

/** First and last byte, both included. */
export interface ByteRange {
  first: number;
  last: number;
}

/**
 * The part of an object of `size` bytes that a Range header asks for, or undefined for all of it:
 * without a header, or with one that S3 ignores (other units, several ranges). Throws
 * InvalidRange where the range begins past the end.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_RequestSyntax
 */
export function byteRange(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.replaceAll(' ', '') ?? '');
  const [first, last] = [match?.[1] ?? '', match?.[2] ?? ''];
  if (header === undefined || (first === '' && last === '')) return undefined;

  const range =
    first === ''
      ? { first: Math.max(0, size - Number(last)), last: size - 1 }
      : { first: Number(first), last: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  if (range.first >= size) {
    const details = { RangeRequested: header, ActualObjectSize: String(size) };
    throw s3Error('InvalidRange', undefined, details);
  }
  return range;
}
