import type { Candidate } from './candidate';
import { openPolars } from './polars';

export const open: Candidate = () => openPolars(2);
