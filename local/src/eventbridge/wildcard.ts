import { invalidEventPattern } from './invalid-event-pattern';

/**
 * Compiles an EventBridge wildcard: `*` stands for any number of characters, `\*` for an asterisk,
 * `\\` for a backslash. Throws InvalidEventPatternException on `**` and on any other escape.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function compileWildcard(wildcard: string): (text: string) => boolean {
  const [first = '', ...rest] = literalsBetweenStars(wildcard);
  const last = rest.pop();
  if (last === undefined) return (text) => text === first;
  return (text) => {
    if (text.length < first.length + last.length) return false;
    if (!text.startsWith(first) || !text.endsWith(last)) return false;
    // The leftmost place for each literal leaves the most room for those after it.
    const end = text.length - last.length;
    let from = first.length;
    for (const literal of rest) {
      const at = text.indexOf(literal, from);
      if (at < 0 || at + literal.length > end) return false;
      from = at + literal.length;
    }
    return true;
  };
}

function literalsBetweenStars(wildcard: string): string[] {
  const literals = [''];
  for (let i = 0; i < wildcard.length; i += 1) {
    const character = wildcard.charAt(i);
    if (character === '*') {
      if (wildcard.charAt(i + 1) === '*') {
        throw invalidEventPattern(`consecutive wildcard characters in "${wildcard}"`);
      }
      literals.push('');
    } else if (character === '\\') {
      i += 1;
      const escaped = wildcard.charAt(i);
      if (escaped !== '*' && escaped !== '\\') {
        throw invalidEventPattern(`a backslash in "${wildcard}" escapes neither * nor \\`);
      }
      literals[literals.length - 1] += escaped;
    } else {
      literals[literals.length - 1] += character;
    }
  }
  return literals;
}
