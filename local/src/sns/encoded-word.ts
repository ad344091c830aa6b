const LONGEST_LINE = 76;
// So that an encoded word, `=?utf-8?B?` and `?=` among its characters, fits after `Subject: ` on a line.
const MOST_BYTES_A_WORD = 39;

/**
 * A header field with any text as its value, `prefix` being `Subject: ` or the like: plain where
 * that is possible, otherwise in encoded words of base64; folded at 76 characters where it can be.
 * https://www.rfc-editor.org/rfc/rfc2047#section-2
 * https://www.rfc-editor.org/rfc/rfc5322#section-2.2.3
 */
export function encodeHeader(prefix: string, text: string): string {
  // Folding must neither add nor take away a space, and what looks encoded would be decoded.
  const plain = /^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(text) && !text.includes('=?');
  return prefix + fold(prefix.length, plain ? text.split(' ') : encodedWords(text));
}

/** The text of a header field's value, which has been unfolded. */
export function decodeHeader(value: string): string {
  return (
    value
      // The space between two encoded words is there for folding alone.
      .replace(/(=\?[^?\s]+\?[BbQq]\?[^?\s]*\?=)\s+(?==\?[^?\s]+\?[BbQq]\?[^?\s]*\?=)/g, '$1')
      .replace(/=\?utf-8\?B\?([^?\s]*)\?=/gi, (_, encoded: string) =>
        Buffer.from(encoded, 'base64').toString('utf8'),
      )
  );
}

/** A word stands for whole characters, never for a part of one. */
function encodedWords(text: string): string[] {
  const words: string[] = [];
  let pending = '';
  for (const character of text) {
    if (Buffer.byteLength(pending + character) > MOST_BYTES_A_WORD) {
      words.push(pending);
      pending = '';
    }
    pending += character;
  }
  return [...words, pending].map((word) => `=?utf-8?B?${Buffer.from(word).toString('base64')}?=`);
}

function fold(prefixLength: number, words: string[]): string {
  let length = prefixLength;
  return words
    .map((word, i) => {
      const separator = i === 0 ? '' : length + 1 + word.length > LONGEST_LINE ? '\r\n ' : ' ';
      length = (separator === '\r\n ' ? 1 : length + separator.length) + word.length;
      return separator + word;
    })
    .join('');
}
