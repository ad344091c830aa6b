/** What a reader returns in place of a position where the text is not as simple as it expects. */
export const MISS = -1;
