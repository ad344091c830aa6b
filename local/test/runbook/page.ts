import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProject } from '../../src/cli/project';

/** A block of code in a section. */
export interface Block {
  language: string;
  text: string;
}

export interface Section {
  title: string;
  blocks: Block[];
  /** Lines that are typed on a laptop, as they stand there. */
  commands: string[];
  /** Lines that need AWS itself. */
  inAws: string[];
}

export interface RunbookPage {
  text: string;
  /** What the table at the top says: an alarm, without its prefix, and where to read on. */
  alarms: { alarm: string; title: string; anchor: string }[];
  sections: Section[];
}

const IN_AWS = '# in AWS\n';

export function readRunbook(): RunbookPage {
  const text = readFileSync(join(findProject(__dirname).root, 'docs/runbook.md'), 'utf8');
  const rows = text.matchAll(/^\| `([a-z-]+)` +\| \[([^\]]+)\]\(#([^)]+)\) +\|$/gm);
  return {
    text,
    alarms: [...rows].map(([, alarm = '', title = '', anchor = '']) => ({ alarm, title, anchor })),
    sections: text.split(/^## /m).slice(1).map(readSection),
  };
}

function readSection(text: string): Section {
  const [title = ''] = text.split('\n');
  const blocks = [...text.matchAll(/^( *)```(\w+)\n([\s\S]*?)^ *```$/gm)].map(
    ([, indent = '', language = '', body = '']): Block => ({
      language,
      text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );
  const shell = blocks.filter(({ language }) => language === 'sh').map((block) => block.text);
  const lines = (of: string[]): string[] => of.flatMap((block) => block.trimEnd().split('\n'));
  return {
    title,
    blocks,
    commands: lines(shell.filter((block) => !block.startsWith(IN_AWS))),
    inAws: lines(
      shell.filter((block) => block.startsWith(IN_AWS)).map((block) => block.slice(IN_AWS.length)),
    ),
  };
}

/** Where GitHub jumps to a heading. */
export function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');
}
