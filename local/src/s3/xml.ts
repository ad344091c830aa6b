import type { ServerResponse } from 'node:http';
import { XMLParser } from 'fast-xml-parser';
import { s3Error } from './s3-error';

/** An element's content. An array repeats the element; undefined leaves it out. */
export type XmlContent =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlContent[]
  | { readonly [name: string]: XmlContent };

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** Answers an XML document whose root is `name`. */
export function answerXml(
  response: ServerResponse,
  status: number,
  name: string,
  content: XmlContent,
): void {
  // Errors are the one document that S3 answers without its namespace.
  const attributes = name === 'Error' ? '' : ` xmlns="${NAMESPACE}"`;
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n${element(name, content, attributes)}`;
  response.writeHead(status, {
    'content-type': 'application/xml',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

function element(name: string, content: XmlContent, attributes = ''): string {
  if (content === undefined) return '';
  if (isArray(content)) return content.map((item) => element(name, item)).join('');
  const inner =
    typeof content === 'object'
      ? Object.entries(content)
          .map(([child, value]) => element(child, value))
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

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true, // for numeric references: clients escape control characters in keys so
  isArray: (name) => name === 'Object' || name === 'Part',
});

export type XmlElement = Record<string, unknown>;

/**
 * Parses a request body whose root must be `root`. `Object` and `Part` children come as arrays,
 * text as strings. Throws MalformedXML.
 */
export function parseXml(body: Buffer, root: string): XmlElement {
  let document: XmlElement;
  try {
    document = parser.parse(body.toString('utf8'), true) as XmlElement;
  } catch (error) {
    throw s3Error('MalformedXML', `The body is not well-formed XML: ${(error as Error).message}`);
  }
  const element = document[root];
  if (typeof element !== 'object' || element === null) {
    throw s3Error('MalformedXML', `Expected a <${root}> element with children.`);
  }
  return element as XmlElement;
}

/** The text of a child element, or undefined where there is none. */
export function textOf(element: XmlElement, child: string): string | undefined {
  const value = element[child];
  return typeof value === 'string' ? value : undefined;
}

/** The repeated child elements of one name. */
export function childrenOf(element: XmlElement, child: 'Object' | 'Part'): XmlElement[] {
  const children = (element[child] ?? []) as unknown[];
  return children.map((value) => {
    if (typeof value === 'object' && value !== null) return value as XmlElement;
    throw s3Error('MalformedXML', `<${child}> must have children.`);
  });
}
