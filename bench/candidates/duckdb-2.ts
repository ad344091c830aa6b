import type { Candidate } from './candidate';
import { openDuckDb } from './duckdb';

export const open: Candidate = () => openDuckDb(2);
