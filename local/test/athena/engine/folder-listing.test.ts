import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openFolderListing } from '../../../src/athena/engine/folder-listing';
import { freshStateDir } from '../../support/state-dir';

const LATER = () => Date.now() + 60_000;

function fresh(): string {
  return freshStateDir();
}

function names(list: ReturnType<typeof openFolderListing>, folder: string): string[] {
  return list(folder)
    .map(({ name }) => name)
    .sort();
}

it('has what is in a folder, but what is hidden or not finished', () => {
  const folder = fresh();
  for (const name of ['a.parquet', '_b', '.c', 'd.tmp']) writeFileSync(join(folder, name), '');
  mkdirSync(join(folder, 'day=1'));
  expect(names(openFolderListing(), folder)).toEqual(['a.parquet', 'day=1']);
});

it('has nothing of a folder that is not there, or is a file', () => {
  const folder = fresh();
  writeFileSync(join(folder, 'a'), '');
  const list = openFolderListing();
  expect(list(join(folder, 'none'))).toEqual([]);
  expect(list(join(folder, 'a'))).toEqual([]);
});

it('reads a folder once while it does not change', () => {
  const folder = fresh();
  writeFileSync(join(folder, 'a'), '');
  const list = openFolderListing(LATER);
  expect(list(folder)).toBe(list(folder));
});

it.each<[string, (folder: string) => void, string[]]>([
  ['added', (folder) => writeFileSync(join(folder, 'b'), ''), ['a', 'b']],
  ['renamed', (folder) => renameSync(join(folder, 'a'), join(folder, 'c')), ['c']],
  ['removed', (folder) => rmSync(join(folder, 'a')), []],
])('sees that a file has been %s, however soon', (_, change, expected) => {
  const folder = fresh();
  writeFileSync(join(folder, 'a'), '');
  const list = openFolderListing();
  list(folder);
  change(folder);
  expect(names(list, folder)).toEqual(expected);
});
