import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openShardLog } from '../../src/core/shard-log';
import { freshStateDir } from '../support/state-dir';

describe('a shard log', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = freshStateDir();
    path = join(folder, 'shard.log');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const positions = (entries: { position: number }[]) => entries.map(({ position }) => position);

  it('reads entries from a position on, up to a limit', () => {
    const log = openShardLog<string>(path);
    log.append(['a', 'b', 'c', 'd'], 7);
    expect(log.read(1, 2)).toEqual([
      { position: 1, arrivedAt: 7, value: 'b' },
      { position: 2, arrivedAt: 7, value: 'c' },
    ]);
    log.close();
  });

  it('goes on after a restart where it was', () => {
    const before = openShardLog<string>(path);
    before.append(['a', 'b'], 1);
    before.close();
    const log = openShardLog<string>(path);
    expect(log.append(['c'], 2)).toBe(2);
    expect(log.read(0, 10).map(({ value }) => value)).toEqual(['a', 'b', 'c']);
    log.close();
  });

  it('drops a last line that a kill cut short, and writes on behind the line before', () => {
    const before = openShardLog<string>(path);
    before.append(['a'], 1);
    before.close();
    appendFileSync(path, '[1,1,"half');
    const cut = openShardLog<string>(path);
    expect(cut.append(['b'], 2)).toBe(1);
    cut.close();
    const log = openShardLog<string>(path);
    expect(log.read(0, 10).map(({ value }) => value)).toEqual(['a', 'b']);
    log.close();
  });

  it('does not give out what was trimmed', () => {
    const log = openShardLog<number>(path);
    log.append([0, 1, 2, 3], 1);
    log.trim(2);
    expect(positions(log.read(0, 10))).toEqual([2, 3]);
    expect(log.start()).toBe(2);
    log.close();
  });

  it('keeps counting after all of it was trimmed and the process restarted', () => {
    const before = openShardLog<number>(path);
    before.append(
      Array.from({ length: 3000 }, (_, i) => i),
      1,
    );
    before.trim(3000);
    expect(before.read(0, 10)).toEqual([]);
    before.close();
    const log = openShardLog<number>(path);
    expect(log.end()).toBe(3000);
    log.close();
  });

  it('makes its file smaller by a large trim', () => {
    const log = openShardLog<number>(path);
    log.append(
      Array.from({ length: 3000 }, (_, i) => i),
      1,
    );
    const before = readFileSync(path).length;
    log.trim(2900);
    expect(readFileSync(path).length).toBeLessThan(before / 10);
    expect(positions(log.read(2998, 10))).toEqual([2998, 2999]);
    log.close();
  });

  it('calls listeners after each append until they leave', () => {
    const log = openShardLog<number>(path);
    let calls = 0;
    const leave = log.onAppend(() => (calls += 1));
    log.append([1], 1);
    leave();
    log.append([2], 1);
    expect(calls).toBe(1);
    log.close();
  });
});
