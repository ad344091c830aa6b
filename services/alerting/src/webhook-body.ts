/** An alert as it comes from the topic. */
export interface Alert {
  subject: string;
  text: string;
  state: string;
}

/**
 * The body of a post to a webhook, by whose it is: an adaptive card for a workflow of Teams, a
 * message card for a connector of Teams, and Slack's `{text}`, which others take as well.
 */
export function webhookBody(host: string, alert: Alert): object {
  if (/(?:^|\.)(?:logic\.azure|powerplatform|powerautomate)\.com$/.test(host)) {
    return adaptiveCard(alert);
  }
  return /(?:^|\.)webhook\.office\.com$/.test(host) ? messageCard(alert) : slackMessage(alert);
}

/** https://docs.slack.dev/messaging/formatting-message-text/ */
function slackMessage({ subject, text }: Alert): object {
  // A fence within would end the block.
  const block = slackText(text.trimEnd()).replaceAll('```', "'''");
  return { text: `*${slackText(subject)}*\n\`\`\`\n${block}\n\`\`\`` };
}

function slackText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using */
function messageCard({ subject, text, state }: Alert): object {
  return {
    '@type': 'MessageCard',
    '@context': 'https://schema.org/extensions',
    summary: subject,
    title: subject,
    themeColor: state === 'OK' ? '2E7D32' : 'C62828',
    text: `<pre>${slackText(text.trimEnd())}</pre>`,
  };
}

/** https://learn.microsoft.com/en-us/adaptive-cards/ */
function adaptiveCard({ subject, text, state }: Alert): object {
  const color = state === 'OK' ? 'Good' : 'Attention';
  const block = { type: 'TextBlock', wrap: true };
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            { ...block, text: subject, weight: 'Bolder', size: 'Medium', color },
            // A text block joins lines that are not a paragraph each.
            ...text
              .trimEnd()
              .split('\n')
              .filter((line) => line !== '')
              .map((line) => ({ ...block, text: line, fontType: 'Monospace', spacing: 'None' })),
          ],
        },
      },
    ],
  };
}
