import { STORIES, type AlertStory } from './alerts';
import { startLocalAlerting, TICK, type Sent } from './local-alerting';

const MINUTE = 60_000;

/** The mails of one incident, as the service sends them over the local AWS. */
export async function mailsOf({ alarm, value, threshold, ...story }: AlertStory): Promise<Sent[]> {
  const local = await startLocalAlerting();
  try {
    await story.raise?.(local);
    local.clock.advance(2 * MINUTE);
    await local.change(alarm, 'ALARM', value, threshold);
    local.clock.advance(60 * MINUTE);
    await story.worsen?.(local);
    await local.alert(TICK);
    local.clock.advance(25 * MINUTE);
    await local.change(alarm, 'OK');
    return local.sent;
  } finally {
    await local.close();
  }
}

const HEAD = `# Alerts

Each alert as a person receives it by e-mail: when an incident begins, again after an hour where
something has changed, and when it is over. Times are UTC. Subjects are plain ASCII of at most 100
characters; an alert names objects, columns, lines and ids, and repeats no value of a record.

An alarm alerts at most once in \`repeatMinutes\` (60), however often it comes and goes; the next alert
says how often it was. Subscriptions can filter by the attributes \`state\` (ALARM, STILL, OK), \`alarm\`
and \`service\`.

This page is generated: \`UPDATE_DOCS=1 npx jest services/alerting/test/alerts-page\` writes it anew,
from what the service really sends; the same test fails where the two differ.
`;

/** \`docs/alerts.md\`. */
export async function renderAlertsPage(): Promise<string> {
  let page = HEAD;
  for (const story of STORIES) {
    page += `\n## ${story.title}\n`;
    for (const { subject, body } of await mailsOf(story)) {
      page += `\n\`\`\`text\nSubject: ${subject}\n\n${body}\`\`\`\n`;
    }
  }
  return page;
}
