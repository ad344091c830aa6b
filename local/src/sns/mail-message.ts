import { decodeHeader, encodeHeader } from './encoded-word';

/** A plain text e-mail. */
export interface Mail {
  from: { name: string; address: string };
  to: string;
  subject: string;
  /** Milliseconds since the epoch; a mail tells whole seconds. */
  at: number;
  /** What its Message-ID is made of. */
  id: string;
  /** Lines end in `\n`. */
  body: string;
}

// https://www.rfc-editor.org/rfc/rfc5322#section-2.1.1
const LONGEST_LINE_BYTES = 998;

/** A mail as an `.eml` file. https://www.rfc-editor.org/rfc/rfc5322 */
export function encodeMail({ from, to, subject, at, id, body }: Mail): string {
  const text = body.replace(/\r\n?|\n/g, '\r\n');
  const encoding = transferEncoding(text);
  const headers = [
    `${encodeHeader('From: ', phrase(from.name))} <${from.address}>`,
    `To: ${to}`,
    encodeHeader('Subject: ', subject),
    `Date: ${new Date(at).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${id}@${from.address.slice(from.address.indexOf('@') + 1)}>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Transfer-Encoding: ${encoding}`,
  ];
  return `${headers.join('\r\n')}\r\n\r\n${encoding === 'base64' ? base64Lines(text) : text}`;
}

/** Reads what `encodeMail` wrote. Throws where a header is missing. */
export function decodeMail(eml: string): Mail {
  const end = eml.indexOf('\r\n\r\n');
  const head = eml.slice(0, end);
  const text = eml.slice(end + 4);
  const unfolded = head.replace(/\r\n(?=[ \t])/g, '').split('\r\n');
  const field = (name: string): string => {
    const found = unfolded.find((line) => line.startsWith(`${name}: `));
    if (found === undefined) throw new Error(`The mail has no header ${name}.`);
    return found.slice(name.length + 2);
  };
  const header = (name: string): string => decodeHeader(field(name));
  const [, name = '', address = ''] = /^(.*) <([^<>]*)>$/.exec(field('From')) ?? [];
  const [, id = ''] = /^<(.*)@[^@]*>$/.exec(header('Message-ID')) ?? [];
  const decoded =
    header('Content-Transfer-Encoding') === 'base64'
      ? Buffer.from(text, 'base64').toString('utf8')
      : text;
  return {
    from: { name: readPhrase(name), address },
    to: header('To'),
    subject: header('Subject'),
    at: Date.parse(header('Date')),
    id,
    body: decoded.replaceAll('\r\n', '\n'),
  };
}

// Lines of mail are short and hold no NUL; what cannot be so is encoded.
// https://www.rfc-editor.org/rfc/rfc2045#section-2.8
function transferEncoding(text: string): '7bit' | '8bit' | 'base64' {
  const tooLong = text.split('\r\n').some((line) => Buffer.byteLength(line) > LONGEST_LINE_BYTES);
  if (tooLong || text.includes('\0')) return 'base64';
  // eslint-disable-next-line no-control-regex
  return /^[\x00-\x7f]*$/.test(text) ? '7bit' : '8bit';
}

function base64Lines(text: string): string {
  return Buffer.from(text)
    .toString('base64')
    .replace(/.{1,76}/g, '$&\r\n');
}

/** A display name: letters and spaces stand as they are, other ASCII is quoted. */
function phrase(name: string): string {
  const plain = /^[\w-]+( [\w-]+)*$/.test(name);
  const quotable = /^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(name) && !name.includes('=?');
  return !plain && quotable ? `"${name.replace(/["\\]/g, '\\$&')}"` : name;
}

function readPhrase(phrase: string): string {
  return phrase.startsWith('"')
    ? phrase.slice(1, -1).replace(/\\(.)/g, '$1')
    : decodeHeader(phrase);
}
