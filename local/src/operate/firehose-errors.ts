import { SaleslakeError } from '@saleslake/shared/runtime/errors';

/** What the key of an object says that Firehose put under its error prefix. */
export interface FirehoseErrorKey {
  table: string;
  /** Firehose's own word, such as `processing-failed`. */
  type: string;
}

/** A record that Firehose could not use. */
export interface FirehoseError {
  /** As it was put; of the type `format-conversion-failed` as the function had transformed it. */
  data: Buffer;
  /** Why, in words. */
  reason: string;
}

export const ERRORS_PREFIX = 'firehose-errors/';
/** Where an error object goes once its records have been put again. */
const REPLAYED_PREFIX = 'firehose-errors-replayed/';

const KEY = /^firehose-errors\/([a-z0-9_]+)\/([^/]+)\/.*[^/]$/;

/** `firehose-errors/<table>/<type>/…`, in the curated bucket; undefined for any other key. */
export function parseFirehoseErrorKey(key: string): FirehoseErrorKey | undefined {
  const match = KEY.exec(key);
  if (!match) return undefined;
  const [, table = '', type = ''] = match;
  return { table, type };
}

/** Where the object of that key goes once its records have been put again. */
export function replayedKey(key: string): string {
  return REPLAYED_PREFIX + key.slice(ERRORS_PREFIX.length);
}

interface ErrorLine {
  rawData?: unknown;
  errorCode?: unknown;
  errorMessage?: unknown;
  lastErrorCode?: unknown;
  lastErrorMessage?: unknown;
}

/**
 * The records of an error object, in order: a line of JSON each.
 * https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-failure-handling.html
 * @throws SaleslakeError naming the line that is none.
 */
export function parseFirehoseErrors(key: string, text: string): FirehoseError[] {
  return text
    .split('\n')
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, number }) => {
      const { rawData, ...error } = parseLine(line);
      if (typeof rawData !== 'string') {
        throw new SaleslakeError(
          'NotAnErrorRecord',
          `Line ${number} of ${key} is no error record of Firehose: it has no rawData.`,
        );
      }
      const code = error.errorCode ?? error.lastErrorCode;
      const message = error.errorMessage ?? error.lastErrorMessage;
      const reason = [code, message].filter((word) => typeof word === 'string').join(': ');
      return { data: Buffer.from(rawData, 'base64'), reason };
    });
}

function parseLine(line: string): ErrorLine {
  try {
    return (JSON.parse(line) as ErrorLine | null) ?? {};
  } catch {
    return {};
  }
}
