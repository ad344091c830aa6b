import type { Position } from './syntax-tree';

/** Something in a text that Athena would refuse, or that would mean something else on a laptop. */
export interface Finding extends Position {
  /** The rule's name, such as `division`. */
  rule: string;
  /** What is wrong and what to write instead. */
  message: string;
}

export type Report = (rule: string, at: Position, message: string) => void;
