/** An element's content. An array repeats the element; undefined leaves it out. */
export type XmlContent =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlContent[]
  | { readonly [name: string]: XmlContent };

/** The element of that name as text; `attributes` as they stand in its tag, a space before each. */
export function xmlElement(name: string, content: XmlContent, attributes = ''): string {
  if (content === undefined) return '';
  if (isArray(content)) return content.map((item) => xmlElement(name, item)).join('');
  const inner =
    typeof content === 'object'
      ? Object.entries(content)
          .map(([child, value]) => xmlElement(child, value))
          .join('')
      : escapeText(String(content));
  return `<${name}${attributes}>${inner}</${name}>`;
}

// Array.isArray does not narrow a readonly array out of a union.
function isArray(content: XmlContent): content is readonly XmlContent[] {
  return Array.isArray(content);
}

// Control characters go as references: a bare carriage return would be read as a line feed.
function escapeText(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[&<>"\x00-\x1f\x7f]/g, (char) => `&#${char.charCodeAt(0)};`);
}
