/** What a reader returns in place of a position where the text is not as simple as it expects. */
export const MISS = -1;

/**
 * Reads the value that starts at `at` into `row`, and returns the position behind it; or MISS,
 * where the record has to be read the plain way. It accepts only what is surely valid JSON and a
 * value that keeps the column's rules; that a comma or brace follows is for the caller to see, and
 * that there is no backslash in it.
 */
export type ValueReader = (at: number, row: number) => number;
