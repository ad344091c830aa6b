import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { formatTable } from '../query/format-result';
import type { Mail } from '../sns/mail-message';
import { readMailbox } from '../sns/mailbox';
import type { Project } from './project';
import { answer } from './terminal';

export interface MailOptions {
  /** Show the newest. */
  last: boolean;
}

/**
 * `saleslake mail`: what the local SNS sent by e-mail. Lists it, oldest first, or shows the mail
 * of the number `which` in that list.
 * @throws SaleslakeError where there is no such mail.
 */
export function mail(project: Project, which: string | undefined, options: MailOptions): void {
  const mails = readMailbox(project.stateDir);
  if (which === undefined && !options.last) return answer(mailsTable(mails));
  answer(mailText(chosen(mails, which)));
}

function mailsTable(mails: readonly Mail[]): string {
  if (mails.length === 0) return 'The mailbox is empty.\n';
  return formatTable({
    columns: ['number', 'time', 'to', 'subject'].map((name) => ({
      name,
      numeric: name === 'number',
    })),
    rows: mails.map(({ at, to, subject }, i) => [String(i + 1), timeText(at), to, subject]),
  });
}

/** What a mail program shows of a mail. */
function mailText({ from, to, at, subject, body }: Mail): string {
  const headers = [
    `From:    ${from.name} <${from.address}>`,
    `To:      ${to}`,
    `Date:    ${timeText(at)}`,
    `Subject: ${subject}`,
  ];
  return `${headers.join('\n')}\n\n${body.endsWith('\n') ? body : `${body}\n`}`;
}

/** The newest where no number is given. */
function chosen(mails: Mail[], which = String(mails.length)): Mail {
  if (mails.length === 0) {
    throw new SaleslakeError('NoSuchMail', 'There is no mail to show: the mailbox is empty.');
  }
  const found = /^[1-9]\d*$/.test(which) ? mails[Number(which) - 1] : undefined;
  if (found) return found;
  throw new SaleslakeError(
    'NoSuchMail',
    `There is no mail ${which}: expected a number from 1 to ${mails.length}, as saleslake mail ` +
      'lists them.',
  );
}

/** Such as `2025-01-15 12:00:00Z`. */
function timeText(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').replace(/\.\d+/, '');
}
