import { SaleslakeError } from '@saleslake/shared/runtime/errors';

/** A record that Firehose could not use. */
export interface FirehoseError {
  /** As it was put; of the type `format-conversion-failed` as the function had transformed it. */
  data: Buffer;
  /** Why, in words. */
  reason: string;
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
