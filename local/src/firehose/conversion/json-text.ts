const WHITESPACE = /\s/;

/**
 * The texts of JSON documents that stand one after another, with or without space between them.
 * They are told apart by their brackets alone: whether each is valid is for a parser to say.
 */
export function splitDocuments(text: string): string[] {
  const documents: string[] = [];
  for (let at = skipSpace(text, 0); at < text.length; at = skipSpace(text, at)) {
    const end = endOfValue(text, at);
    documents.push(text.slice(at, end));
    at = end;
  }
  return documents;
}

/** The text of the value that a valid JSON object has under `name`: what a double would round. */
export function memberText(object: string, name: string): string | undefined {
  let found: string | undefined;
  let at = skipSpace(object, object.indexOf('{') + 1);
  while (object[at] === '"') {
    const keyEnd = endOfString(object, at);
    const valueStart = skipSpace(object, object.indexOf(':', keyEnd) + 1);
    const valueEnd = endOfValue(object, valueStart);
    if (JSON.parse(object.slice(at, keyEnd)) === name) found = object.slice(valueStart, valueEnd);
    at = skipSpace(object, valueEnd);
    if (object[at] === ',') at = skipSpace(object, at + 1);
  }
  return found;
}

function endOfValue(text: string, start: number): number {
  if (text[start] === '"') return endOfString(text, start);
  const nested = text[start] === '{' || text[start] === '[';
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') at = endOfString(text, at) - 1;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') {
      depth--;
      if (nested && depth === 0) return at + 1;
      // The end of the object that a number or a word stands in.
      if (depth < 0) return at === start ? at + 1 : at;
    } else if (!nested && (character === ',' || WHITESPACE.test(character))) {
      return at === start ? at + 1 : at;
    }
  }
  return text.length;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

function skipSpace(text: string, at: number): number {
  while (at < text.length && WHITESPACE.test(text.charAt(at))) at++;
  return at;
}
