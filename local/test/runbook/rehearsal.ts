import { readRunbook } from './page';
import type { Ended, Terminal } from './terminal';

/** What stands for `<…>` in a line, by name. */
export type Placeholders = Record<string, string>;

/**
 * The commands of one section of the runbook, to be typed one after another, as they stand there.
 * @throws where the section is not there
 */
export function openRehearsal(terminal: () => Terminal, title: string) {
  const section = readRunbook().sections.find((each) => each.title === title);
  if (!section) throw new Error(`The runbook has no section ${title}.`);
  const left = [...section.commands];

  /** The next line, which must begin so, with its placeholders filled in. */
  function next(beginning: string, placeholders: Placeholders): string {
    const line = left.shift() ?? 'nothing';
    if (!line.startsWith(beginning)) {
      throw new Error(`The runbook goes on with ${line}; expected ${beginning} …`);
    }
    return line.replaceAll(/<([a-z-]+)>/g, (_, name: string) => {
      const value = placeholders[name];
      if (value === undefined) throw new Error(`Nothing is known for <${name}> in ${line}`);
      return value;
    });
  }

  return {
    section,
    left: () => left,
    type: (beginning: string, placeholders: Placeholders = {}): Promise<Ended> =>
      terminal().run(next(beginning, placeholders)),
    /** Begins a line that runs until it is stopped, with more options behind it. */
    begin: (beginning: string, options: string) =>
      terminal().begin(`${next(beginning, {})} ${options}`),
  };
}

export type Rehearsal = ReturnType<typeof openRehearsal>;
