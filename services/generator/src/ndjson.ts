const CHUNK_CHARACTERS = 2 ** 20;

/**
 * Lines as UTF-8 chunks of about a megabyte, each line with its newline. A chunk is made when it
 * is asked for, so no more than one is ever held here.
 */
export function* ndjsonChunks(lines: Iterable<string>): Generator<Buffer, void> {
  let text = '';
  for (const line of lines) {
    text += `${line}\n`;
    if (text.length >= CHUNK_CHARACTERS) {
      yield Buffer.from(text);
      text = '';
    }
  }
  if (text !== '') yield Buffer.from(text);
}
