/**
 * Which file an object's key names, below its bucket's folder.
 *
 * A key is its own path wherever it can be, spaces, `+`, `%`, `=` and Unicode included, so that
 * DuckDB and people find objects under their keys. The rest is written with `^`, which AWS
 * advises against in keys and which is nothing special to a file system or a glob:
 *
 * | in the key                                   | in the path                              |
 * | -------------------------------------------- | ---------------------------------------- |
 * | `^`, `\`, control characters                 | `^` and two hexadecimal digits           |
 * | a segment `.` or `..`                        | `^2E`, `^2E^2E`                          |
 * | an empty segment: `/a`, `a//b`, `a/`         | `^`: `^/a`, `a/^/b`, `a/^`               |
 * | a segment that ends in `.tmp`                | `…^2Etmp`, as `.tmp` is an unfinished file |
 * | a segment of more than 250 bytes             | pieces; all but the last end in `^`      |
 * | `a` where `a/b` is an object too             | `a^f` (see `shadowed`)                   |
 */
const ESCAPE = '^';
const SHADOW = '^f';

// File systems take 255 bytes; what is left holds a continuation mark or SHADOW.
const LONGEST_NAME = 250;

/** The path that a key names, relative to its bucket's folder, with `/` between names. */
export function pathOfKey(key: string): string {
  return key.split('/').map(pathOfSegment).join('/');
}

/** Where an object lies whose own path is the folder of other objects. */
export function shadowed(path: string): string {
  return path + SHADOW;
}

/** The key of the object that lies at a path, or undefined where no key leads to that path. */
export function keyOfPath(path: string): string | undefined {
  const names = path.split('/');
  const key =
    names.slice(0, -1).map(textOfFolder).join('') + textOfFile(names[names.length - 1] ?? '');
  return isPathOf(path, key) ? key : undefined;
}

/** Whether an object with this key may lie at this path. */
export function isPathOf(path: string, key: string): boolean {
  const own = pathOfKey(key);
  return path === own || path === shadowed(own);
}

/** What a folder's name adds to the keys of the objects in it: mostly itself and a `/`. */
export function textOfFolder(name: string): string {
  if (name === ESCAPE) return '/';
  return isContinued(name) ? unescape(name.slice(0, -ESCAPE.length)) : unescape(name) + '/';
}

/** What a file's name adds to its folder's text to make the object's key. */
export function textOfFile(name: string): string {
  const own = name.endsWith(SHADOW) ? name.slice(0, -SHADOW.length) : name;
  return own === ESCAPE ? '' : unescape(own);
}

/** Whether a folder holds further pieces of the segment that its name begins. */
export function isContinued(name: string): boolean {
  return name.length > ESCAPE.length && name.endsWith(ESCAPE);
}

/** Compares keys as S3 lists them: by their UTF-8 bytes, which is the order of code points. */
export function compareKeys(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const unitA = a.charCodeAt(i);
    const unitB = b.charCodeAt(i);
    if (unitA !== unitB) return inCodePointOrder(unitA) - inCodePointOrder(unitB);
  }
  return a.length - b.length;
}

// Surrogates stand for code points above U+FFFF but sort below U+E000 as UTF-16 units.
function inCodePointOrder(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function pathOfSegment(segment: string): string {
  if (segment === '') return ESCAPE;
  // eslint-disable-next-line no-control-regex
  const escaped = segment.replace(/[\x00-\x1f\x7f\\^]/g, hex).replace(/\.tmp$/, hex('.') + 'tmp');
  const pieces = piecesOf(escaped);
  // The last piece alone may have become `.` or `..`: the others end in ESCAPE.
  return pieces
    .map((piece) => (/^\.\.?$/.test(piece) ? piece.replaceAll('.', hex) : piece))
    .join('/');
}

function piecesOf(escaped: string): string[] {
  if (Buffer.byteLength(escaped) <= LONGEST_NAME) return [escaped];
  const pieces: string[] = [];
  let piece = '';
  let size = 0;
  for (const token of escaped.match(/\^[0-9A-F]{2}|./gsu) ?? []) {
    const tokenSize = Buffer.byteLength(token);
    if (size + tokenSize > LONGEST_NAME - ESCAPE.length) {
      pieces.push(piece + ESCAPE);
      piece = '';
      size = 0;
    }
    piece += token;
    size += tokenSize;
  }
  pieces.push(piece);
  return pieces;
}

function hex(char: string): string {
  return ESCAPE + char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0');
}

function unescape(name: string): string {
  return name.replace(/\^([0-9A-F]{2})/g, (_, digits: string) =>
    String.fromCharCode(parseInt(digits, 16)),
  );
}
