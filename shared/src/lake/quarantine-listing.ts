import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { listWrittenSince, type ListedObject } from './list-written-since';
import { parseQuarantineKey, type QuarantineKey, type QuarantineRecord } from './quarantine';

/** A quarantine file as a listing has it. */
export interface QuarantineFile extends QuarantineKey, ListedObject {}

/**
 * The quarantine files of the curated bucket in the order of their keys, those that were emptied
 * among them: which they are their contents tell. What is under `quarantine/` and no such file is
 * left out.
 * @param which `since`: only what was written at that moment or later, to the second, as S3 tells.
 * @throws what S3 throws.
 */
export async function* listQuarantine(
  s3: S3Client,
  bucket: string,
  which: { table?: string; since?: Date; signal?: AbortSignal } = {},
): AsyncGenerator<QuarantineFile, void> {
  const { table } = which;
  const prefix = table === undefined ? 'quarantine/' : `quarantine/${table}/`;
  for await (const listed of listWrittenSince(s3, bucket, prefix, which)) {
    const parts = parseQuarantineKey(listed.key);
    if (parts) yield { ...parts, ...listed };
  }
}

/**
 * The records of a quarantine file, read as they are asked for: to stop early leaves the rest
 * unread. There is none in a file that was emptied.
 * @throws what S3 throws, NoSuchKey among it, and SyntaxError where a line is no JSON.
 */
export async function* readQuarantine(
  s3: S3Client,
  bucket: string,
  key: string,
  signal?: AbortSignal,
): AsyncGenerator<QuarantineRecord, void> {
  const command = new GetObjectCommand({ Bucket: bucket, Key: key });
  const { Body } = await s3.send(command, { abortSignal: signal });
  // Node's own readline would also break at U+2028, which JSON has within a string.
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of Body as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop()!;
    yield* records(lines);
  }
  yield* records([rest + decoder.decode()]);
}

function records(lines: string[]): QuarantineRecord[] {
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as QuarantineRecord);
}
