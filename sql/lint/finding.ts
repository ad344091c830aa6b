import type { Position } from './syntax-tree';

/** Something in a text that Athena would refuse, or that would mean something else on a laptop. */
export interface Finding extends Position {
  /** The rule's name, such as `division`. */
  rule: string;
  /** What is wrong and what to write instead. */
  message: string;
}

export type Report = (rule: string, at: Position, message: string) => void;

/** `file:line:column: message (rule)`, as editors and terminals make links of. */
export function formatFinding(file: string, { line, column, message, rule }: Finding): string {
  return `${file}:${line}:${column}: ${message} (${rule})`;
}

/** The findings in the order of the text. */
export function inOrder(findings: Finding[]): Finding[] {
  return findings.sort((a, b) => a.line - b.line || a.column - b.column);
}
