import { passed } from '@saleslake/shared/lake/quality-report';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { judgeChecks } from '../src/judge-checks';
import type { Check } from '../src/named-checks';

const checks = ['a', 'b', 'c', 'd', 'e', 'f'].map((name): Check => ({
  name,
  question: `${name}?`,
  database: 'lake',
  sql: '',
}));

it('runs four checks at a time', async () => {
  const begun: (() => void)[] = [];
  const judging = judgeChecks(checks, () => new Promise((end) => begun.push(() => end(0))));
  expect(begun).toHaveLength(4);
  for (let ended = 0; ended < checks.length; ended += 1) {
    begun[ended]!();
    await new Promise(setImmediate);
    expect(begun).toHaveLength(Math.min(checks.length, 4 + ended + 1));
  }
  expect(await judging).toHaveLength(checks.length);
});

it('gives the verdicts in the order of the checks, whichever ends first', async () => {
  const verdicts = await judgeChecks(checks, async ({ name }) => {
    if (name === 'a') await new Promise(setImmediate);
    if (name === 'b') throw new SaleslakeError('CheckFailed', 'no such table');
    return name === 'c' ? 7 : 0;
  });
  expect(verdicts.slice(0, 3)).toEqual([
    { name: 'a', question: 'a?', violations: 0 },
    { name: 'b', question: 'b?', error: 'no such table' },
    { name: 'c', question: 'c?', violations: 7 },
  ]);
  expect(verdicts.map((verdict) => passed(verdict))).toEqual([
    true,
    false,
    false,
    true,
    true,
    true,
  ]);
});

it('throws what is no answer of Athena about a check', async () => {
  const judging = judgeChecks(checks, () => Promise.reject(new TypeError('a mistake')));
  await expect(judging).rejects.toThrow(new TypeError('a mistake'));
});
