import type { XmlContent } from '../core/xml-element';
import { compareKeys } from './key-path';
import { quoted, storageClassOf, type ObjectRecord } from './object-record';
import type { S3Services } from './operation';
import { s3Error } from './s3-error';
import { wholeNumber, type S3Request } from './s3-request';
import { walkKeys } from './walk-keys';

const LARGEST_PAGE = 1000;

/** What both listings of objects ask for. */
export interface ListQuery {
  prefix: string;
  delimiter: string;
  maxKeys: number;
  /** Writes keys into the answer as `encoding-type` asks. */
  encode: (text: string) => string;
}

export interface ListPage {
  /** Keys and common prefixes in S3's order. */
  items: ({ key: string; record: ObjectRecord } | { commonPrefix: string })[];
  isTruncated: boolean;
  /** The last key or common prefix of the page. */
  last: string | undefined;
}

/** Reads the parameters that both listings share; throws InvalidArgument. */
export function parseListQuery(request: S3Request): ListQuery {
  const maxKeys = wholeNumber(request, 'max-keys', {
    default: LARGEST_PAGE,
    least: 0,
    most: 2 ** 31 - 1,
  });
  return {
    prefix: request.query('prefix') ?? '',
    delimiter: request.query('delimiter') ?? '',
    maxKeys: Math.min(maxKeys, LARGEST_PAGE),
    encode: keyEncoding(request),
  };
}

/** How keys are written in an XML answer. With `encoding-type=url`, as in an HTML form. */
export function keyEncoding(request: S3Request): (text: string) => string {
  const type = request.query('encoding-type');
  if (type === undefined) return (text) => text;
  if (type !== 'url') {
    throw s3Error('InvalidArgument', 'encoding-type must be url.', {
      ArgumentName: 'encoding-type',
      ArgumentValue: type,
    });
  }
  return (text) =>
    encodeURIComponent(text)
      .replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll('%20', '+')
      .replaceAll('%2F', '/');
}

/** The objects and common prefixes of a bucket that come after `after`. */
export async function listPage(
  services: S3Services,
  bucket: string,
  { prefix, delimiter, maxKeys }: ListQuery,
  after: string,
): Promise<ListPage> {
  const items: ListPage['items'] = [];
  let last: string | undefined;
  // A page may have ended with a common prefix: the keys under it are no news then.
  let group = isGroup(after, prefix, delimiter) ? after : undefined;
  const wanted = (folder: string): boolean =>
    (folder.startsWith(prefix) || prefix.startsWith(folder)) &&
    (compareKeys(folder, after) > 0 || after.startsWith(folder)) &&
    !(group !== undefined && folder.startsWith(group));

  for (const key of walkKeys(services.buckets.folder(bucket), wanted)) {
    if (!key.startsWith(prefix) || compareKeys(key, after) <= 0) continue;
    if (group !== undefined && key.startsWith(group)) continue;
    const commonPrefix = groupOf(key, prefix, delimiter);
    const record =
      commonPrefix === undefined ? await services.objects.find({ bucket, key }) : undefined;
    if (commonPrefix === undefined && !record) continue; // Deleted since the walk saw it.
    if (items.length === maxKeys) return { items, isTruncated: maxKeys > 0, last };
    last = commonPrefix ?? key;
    group = commonPrefix;
    if (commonPrefix !== undefined) items.push({ commonPrefix });
    else if (record) items.push({ key, record });
  }
  return { items, isTruncated: false, last };
}

/** The XML members for a page's items. */
export function pageElements(
  page: ListPage,
  encode: (text: string) => string,
  owner?: XmlContent,
): Record<string, XmlContent> {
  const contents: XmlContent[] = [];
  const commonPrefixes: XmlContent[] = [];
  for (const item of page.items) {
    if ('commonPrefix' in item) commonPrefixes.push({ Prefix: encode(item.commonPrefix) });
    else {
      contents.push({
        Key: encode(item.key),
        LastModified: new Date(item.record.lastModified).toISOString(),
        ETag: quoted(item.record.etag),
        ChecksumAlgorithm: item.record.checksum?.algorithm,
        ChecksumType: item.record.checksum?.type,
        Size: item.record.size,
        Owner: owner,
        StorageClass: storageClassOf(item.record),
      });
    }
  }
  return { Contents: contents, CommonPrefixes: commonPrefixes };
}

/** What a key rolls up to: itself up to the first delimiter after the prefix. */
function groupOf(key: string, prefix: string, delimiter: string): string | undefined {
  const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

function isGroup(text: string, prefix: string, delimiter: string): boolean {
  return text.startsWith(prefix) && groupOf(text, prefix, delimiter) === text;
}
