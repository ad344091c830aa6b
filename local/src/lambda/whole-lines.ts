/** Takes text in pieces, and hands on the lines that are complete. */
export function wholeLines(take: (lines: string) => void): { write: (text: string) => void } {
  let begun = '';
  return {
    write(text) {
      const end = text.lastIndexOf('\n') + 1;
      if (end > 0) take(begun + text.slice(0, end));
      begun = end > 0 ? text.slice(end) : begun + text;
    },
  };
}
