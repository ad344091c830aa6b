import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { contentHash } from '../../src/packages/content-hash';
import { freshStateDir } from '../support/state-dir';

let root: string;

beforeEach(() => {
  root = freshStateDir();
  write('services/lake/src/handler.ts', '1');
});

afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

const hash = (...parameters: string[]): string => contentHash(root, 'services/lake', parameters);

describe('the hash of a package', () => {
  it.each([
    'services/lake/src/handler.ts',
    'services/lake/serverless.yml',
    'services/common.yml',
    'shared/src/contract/column.ts',
    'package-lock.json',
    'tsconfig.json',
  ])('changes with %s', (path) => {
    const before = hash();
    write(path, 'changed');
    expect(hash()).not.toBe(before);
  });

  it.each([
    'services/lake/test/handler.test.ts',
    'services/lake/node_modules/x/index.js',
    'services/lake/.serverless/lake.zip',
    'services/generator/src/handler.ts',
    'README.md',
  ])('does not change with %s', (path) => {
    const before = hash();
    write(path, 'changed');
    expect(hash()).toBe(before);
  });

  it('changes with a file of a folder that its package.json names', () => {
    write('services/lake/package.json', '{ "packagedFrom": ["../../sql/views"] }');
    const before = hash();
    write('sql/views/sales.sql', 'changed');
    expect(hash()).not.toBe(before);
  });

  it('changes with a file renamed', () => {
    const before = hash();
    rmSync(join(root, 'services/lake/src/handler.ts'));
    write('services/lake/src/other.ts', '1');
    expect(hash()).not.toBe(before);
  });

  it('changes with its parameters', () => {
    expect(hash('local')).not.toBe(hash('dev'));
  });
});
