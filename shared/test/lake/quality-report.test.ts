import {
  formatQualityReport,
  parseQualityReport,
  passed,
  type QualityReport,
} from '@saleslake/shared/lake/quality-report';

const report: QualityReport = {
  at: '2026-03-01T06:00:00.000Z',
  checks: [
    { name: 'a', question: 'a?', violations: 0 },
    { name: 'b', question: 'b?', violations: 2 },
    { name: 'c', question: 'c?', error: 'no such table' },
  ],
};

it('is read back as it was written', () => {
  expect(parseQualityReport(formatQualityReport(report))).toEqual(report);
});

it('tells a check that has passed from one that has not, or has no answer', () => {
  expect(report.checks.map(passed)).toEqual([true, false, false]);
});

it.each([
  ['no JSON', '<html>', 'quality/latest.json is not JSON.'],
  ['null', 'null', 'quality/latest.json has no at or checks.'],
  ['another object', '{"at":"2026-03-01"}', 'quality/latest.json has no at or checks.'],
])('is refused where it is %s', (_name, text, message) => {
  expect(() => parseQualityReport(text)).toThrow(message);
});
