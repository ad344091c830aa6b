import fc from 'fast-check';
import { decodeHeader, encodeHeader } from '../../src/sns/encoded-word';
import { decodeMail, encodeMail, type Mail } from '../../src/sns/mail-message';

const MAIL: Mail = {
  from: { name: 'AWS Notifications', address: 'no-reply@sns.eu-central-1.amazonaws.com' },
  to: 'me@example.com',
  subject: 'Rows quarantined',
  at: Date.UTC(2025, 0, 5, 12, 3, 4),
  id: 'b2d1',
  body: 'first\nsecond',
};

const unfold = (text: string): string => text.replace(/\r\n(?=[ \t])/g, '');

const ANY_TEXT = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 120 }),
  fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 120 }),
  // What looks like an encoded word, quoted text, or folding.
  fc.string({ unit: fc.constantFrom('=?utf-8?B?', '?=', ' ', '"', '\\', 'ä', 'a'), minLength: 1 }),
);

describe('a header', () => {
  it('comes back as it was, whatever its text', () => {
    fc.assert(
      fc.property(ANY_TEXT, (text) => {
        const value = encodeHeader('Subject: ', text).slice('Subject: '.length);
        expect(decodeHeader(unfold(value))).toBe(text);
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  it('is ASCII on lines of at most 76 characters, each encoded word whole characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 120 }), (text) => {
        const header = encodeHeader('Subject: ', `ä${text}`);
        expect(header).toMatch(/^Subject: [\x20-\x7e]+(\r\n [\x21-\x7e][\x20-\x7e]*)*$/);
        for (const line of header.split('\r\n')) expect(line.length).toBeLessThanOrEqual(76);
        const words = [...header.matchAll(/=\?utf-8\?B\?([^?]*)\?=/g)].map(([, word = '']) =>
          new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
            Buffer.from(word, 'base64'),
          ),
        );
        expect(words.join('')).toBe(`ä${text}`);
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  it('stays readable where it is plain ASCII', () => {
    const subject = `saleslake prod: ${'messages in a dead-letter queue '.repeat(3).trim()}`;
    expect(encodeHeader('Subject: ', subject)).toBe(
      'Subject: saleslake prod: messages in a dead-letter queue messages in a\r\n' +
        ' dead-letter queue messages in a dead-letter queue',
    );
  });
});

describe('a mail', () => {
  it('is an RFC 5322 message of plain text', () => {
    expect(encodeMail(MAIL)).toBe(
      [
        'From: AWS Notifications <no-reply@sns.eu-central-1.amazonaws.com>',
        'To: me@example.com',
        'Subject: Rows quarantined',
        'Date: Sun, 05 Jan 2025 12:03:04 +0000',
        'Message-ID: <b2d1@sns.eu-central-1.amazonaws.com>',
        'MIME-Version: 1.0',
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: 7bit',
        '',
        'first',
        'second',
      ].join('\r\n'),
    );
  });

  it.each([
    ['8bit', 'Menge fehlt: größer\n'],
    ['base64', 'x'.repeat(999)],
    ['base64', `${'ä'.repeat(500)}\nshort`],
    ['base64', 'a\0b'],
  ])('is sent as %s where its text needs it', (encoding, body) => {
    const eml = encodeMail({ ...MAIL, body });
    expect(eml).toContain(`\r\nContent-Transfer-Encoding: ${encoding}\r\n`);
    for (const line of eml.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(998);
    expect(decodeMail(eml).body).toBe(body);
  });

  it('comes back as it was', () => {
    const line = fc.string({ unit: 'binary', maxLength: 60 }).map((s) => s.replace(/[\r\n]/g, ''));
    const oneLine = ANY_TEXT.map((text) => text.replace(/[\r\n]/g, '_'));
    fc.assert(
      fc.property(oneLine, oneLine, fc.array(line), (name, subject, lines) => {
        const mail = { ...MAIL, from: { ...MAIL.from, name }, subject, body: lines.join('\n') };
        expect(decodeMail(encodeMail(mail))).toEqual(mail);
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  it('has CRLF at the end of every line', () => {
    expect(encodeMail({ ...MAIL, body: 'a\nb\r\nc\rd' })).not.toMatch(/\r(?!\n)|(?<!\r)\n/);
  });
});
