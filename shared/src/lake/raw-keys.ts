import { parseDate } from '../contract/timestamp';

/** What the key of an object in the raw zone says. */
export interface RawKey {
  /** The table's name: the second segment. */
  table: string;
  /** `YYYY-MM-DD`, where the segment after the table is `date=` and a day of the calendar. */
  date?: string;
  /** The rest of the path without its extension. */
  id: string;
  /** Without its first dot, in the key's own case: `json`, `json.gz`, `csv`; empty where there is none. */
  extension: string;
}

/**
 * The key of an object of JSON lines in the raw zone: `raw/<table>/date=YYYY-MM-DD/<id>.json`.
 * @throws RangeError where `table` is not lower_snake_case, `date` no day of the calendar, or `id`
 * not made of letters, digits, dots, hyphens and underscores.
 */
export function rawKey(table: string, date: string, id: string): string {
  if (!/^[a-z0-9_]+$/.test(table)) throw new RangeError(`${quoted(table)} is no table's name`);
  if (parseDate(date) === undefined) throw new RangeError(`${quoted(date)} is no day YYYY-MM-DD`);
  // What needs no escaping anywhere: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
  if (!/^[A-Za-z0-9._-]+$/.test(id)) throw new RangeError(`${quoted(id)} is no id of a raw object`);
  return `raw/${table}/date=${date}/${id}.json`;
}

const RAW_KEY = /^raw\/([^/]+)\/(?:date=(\d{4}-\d{2}-\d{2})\/)?(.*[^/])$/s;
const ID_AND_EXTENSION = /^(.*?[^/])\.([a-z0-9]+\.gz|[a-z0-9]+)$/is;

/**
 * Reads a key of the raw zone, also one that somebody chose freely, such as
 * `raw/transactions/my file.json.gz`. It must come decoded, as EventBridge and the SDK give it.
 * @returns undefined where the key is not in the raw zone, names no table, or names a folder.
 */
export function parseRawKey(key: string): RawKey | undefined {
  const match = RAW_KEY.exec(key);
  if (!match) return undefined;
  const [, table = '', date, rest = ''] = match;
  const dated = date !== undefined && parseDate(date) !== undefined;
  const name = date === undefined || dated ? rest : `date=${date}/${rest}`;
  const [, id = name, extension = ''] = ID_AND_EXTENSION.exec(name) ?? [];
  return dated ? { table, date, id, extension } : { table, id, extension };
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
