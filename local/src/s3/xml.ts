import type { ServerResponse } from 'node:http';
import { XMLParser } from 'fast-xml-parser';
import { xmlElement, type XmlContent } from '../core/xml-element';
import { s3Error } from './s3-error';

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
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n${xmlElement(name, content, attributes)}`;
  response.writeHead(status, {
    'content-type': 'application/xml',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
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
