import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '../core/atomic-file';
import { decodeMail, encodeMail, type Mail } from './mail-message';

const SUFFIX = '.eml';

/** Where e-mail goes that AWS would send: one `.eml` file a mail. */
export interface Mailbox {
  /** Written when it returns. The same key again replaces the mail; keys sort by time. */
  put(key: string, mail: Mail): void;
}

/** Opens the mailbox of a state folder. */
export function openMailbox(stateDir: string): Mailbox {
  const folder = folderOf(stateDir);
  mkdirSync(folder, { recursive: true });
  // A write that a kill cut short: the delivery is done again.
  for (const name of readdirSync(folder)) if (name.endsWith('.tmp')) rmSync(join(folder, name));
  return {
    put: (key, mail) => writeFileAtomically(join(folder, fileName(key, mail)), encodeMail(mail)),
  };
}

/** Every mail in the mailbox of a state folder, oldest first; none where there is no mailbox. */
export function readMailbox(stateDir: string): Mail[] {
  const folder = folderOf(stateDir);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return names
    .filter((name) => name.endsWith(SUFFIX))
    .sort()
    .map((name) => decodeMail(readFileSync(join(folder, name), 'utf8')));
}

function folderOf(stateDir: string): string {
  return join(stateDir, 'mail');
}

/** Such as `2025-01-15T12-00-00.000Z-….eml`: Windows takes no colon. */
function fileName(key: string, { at }: Mail): string {
  const time = new Date(at).toISOString().replaceAll(':', '-');
  return `${time}-${key}${SUFFIX}`;
}
