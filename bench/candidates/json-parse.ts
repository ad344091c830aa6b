import type { Candidate } from './candidate';
import { parsedLines } from './parsed-lines';

/** JSON.parse alone: what anything that begins with it cannot beat. */
export const open: Candidate = () =>
  Promise.resolve((input) => {
    let rows = 0;
    for (const sale of parsedLines(input)) if (sale.quantity > 0) rows++;
    return { rows, bytes: 0 };
  });
