import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderAlertsPage } from './alerts-page';

const PAGE = join(__dirname, '../../../docs/alerts.md');

it('shows each alert as the service sends it', async () => {
  const rendered = await renderAlertsPage();
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(PAGE, rendered);
  expect(readFileSync(PAGE, 'utf8')).toBe(rendered);
});
