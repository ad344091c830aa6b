import { strToU8, zipSync } from 'fflate';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unpackFunction } from '../../src/cloudformation/unpack-function';
import { freshStateDir } from '../support/state-dir';

let folder: string;

beforeEach(() => {
  folder = freshStateDir();
});

afterEach(() => rmSync(folder, { recursive: true }));

function zip(files: Record<string, string>): { zip: string } {
  const path = join(folder, 'f.zip');
  const entries = Object.entries(files).map(([name, text]) => [name, strToU8(text)] as const);
  writeFileSync(path, zipSync(Object.fromEntries(entries)));
  return { zip: path };
}

const unpack = (code: Parameters<typeof unpackFunction>[1]['code']): string =>
  unpackFunction(join(folder, 'functions'), { name: 'f', code });

describe('the code of a function', () => {
  it('is unpacked from its zip', () => {
    const unpacked = unpack(zip({ 'src/handler.js': 'a', 'parquet.wasm': 'b' }));
    expect(readFileSync(join(unpacked, 'src/handler.js'), 'utf8')).toBe('a');
    expect(readFileSync(join(unpacked, 'parquet.wasm'), 'utf8')).toBe('b');
  });

  it('may stand in the template', () => {
    const unpacked = unpack({ inline: 'exports.handler = 1' });
    expect(readFileSync(join(unpacked, 'index.js'), 'utf8')).toBe('exports.handler = 1');
  });

  it('keeps its folder while it is the same, and only the latest is kept', () => {
    const first = unpack({ inline: '1' });
    writeFileSync(join(first, 'mark'), '');
    expect(unpack({ inline: '1' })).toBe(first);
    expect(readdirSync(first)).toContain('mark');
    const second = unpack({ inline: '2' });
    expect(readdirSync(join(folder, 'functions', 'f'))).toEqual([second.split('/').at(-1)]);
  });

  it('may not leave its folder', () => {
    expect(() => unpack(zip({ '../evil.js': '' }))).toThrow(/function f has the path \.\.\/evil/);
  });

  it('must be there', () => {
    expect(() => unpack({ zip: '/nowhere/f.zip' })).toThrow(
      'The package of function f is not at /nowhere/f.zip.',
    );
  });
});
