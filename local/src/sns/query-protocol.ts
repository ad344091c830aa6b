import type { ServerResponse } from 'node:http';
import { AwsError } from '../core/aws-error';
import { readBody, type AwsRequest, type ServiceHandler } from '../core/aws-request';
import { xmlElement, type XmlContent } from '../core/xml-element';
import { invalidParameter } from './sns-error';

/** The parameters of a request, `A.member.1.B=x` read as `{ A: { member: { 1: { B: 'x' } } } }`. */
export interface QueryInput {
  readonly [name: string]: string | QueryInput | undefined;
}

/** One operation: takes the decoded parameters, returns the content of its result. */
export type QueryOperation = (
  input: QueryInput,
  accessKeyId: string | undefined,
) => { readonly [name: string]: XmlContent };

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';

/**
 * The AWS Query protocol: parameters as a form, in the body or the query, and answers in XML.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export function queryProtocol(operations: Record<string, QueryOperation>): ServiceHandler {
  return async (request, response) => {
    try {
      const form = new URLSearchParams((await readBody(request.http)).toString('utf8'));
      const input = readParameters([...request.query, ...form]);
      const action = optionalString(input, 'Action') ?? '';
      const operation = Object.hasOwn(operations, action) ? operations[action] : undefined;
      if (!operation) {
        const known = Object.keys(operations).join(', ');
        throw new AwsError(
          'InvalidAction',
          `The local SNS has no action "${action}"; it has: ${known}`,
        );
      }
      const result = operation(input, request.accessKeyId);
      answer(response, 200, `${action}Response`, {
        [`${action}Result`]: result,
        ResponseMetadata: { RequestId: request.requestId },
      });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      answerError(request, response, error);
    }
  };
}

/** Throws InvalidParameter where it is absent or empty. */
export function requiredString(input: QueryInput, name: string): string {
  const value = optionalString(input, name);
  if (value === undefined || value === '') throw invalidParameter(`${name} Reason: no value`);
  return value;
}

export function optionalString(input: QueryInput, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || typeof value === 'string') return value;
  throw invalidParameter(`${name} Reason: expected a string`);
}

/** The structures of a list, in order. Empty where the request has none. */
export function members(input: QueryInput, name: string): QueryInput[] {
  return numbered(input[name], 'member', name).map((value) => {
    if (typeof value === 'object') return value;
    throw invalidParameter(`${name} Reason: expected a list of structures`);
  });
}

/** The names and values of a map, which a request calls `key` and `value` unless told otherwise. */
export function entries(
  input: QueryInput,
  name: string,
  keyName = 'key',
  valueName = 'value',
): [string, string | QueryInput][] {
  return numbered(input[name], 'entry', name).map((entry) => {
    const key = typeof entry === 'object' ? entry[keyName] : undefined;
    const value = typeof entry === 'object' ? entry[valueName] : undefined;
    if (typeof key === 'string' && value !== undefined) return [key, value];
    throw invalidParameter(`${name} Reason: expected entries of ${keyName} and ${valueName}`);
  });
}

/** The attributes of an operation. Throws InvalidParameter where one is no string. */
export function stringEntries(input: QueryInput, name: string): [string, string][] {
  return entries(input, name).map(([key, value]) => {
    if (typeof value === 'string') return [key, value];
    throw invalidParameter(`${name}.${key} Reason: expected a string`);
  });
}

function numbered(
  value: string | QueryInput | undefined,
  element: 'member' | 'entry',
  name: string,
): (string | QueryInput)[] {
  // An empty list is sent as an empty string.
  if (value === undefined || value === '') return [];
  const list = typeof value === 'object' ? value[element] : undefined;
  if (typeof list !== 'object') {
    throw invalidParameter(`${name} Reason: expected ${name}.${element}.1 and so on`);
  }
  return Object.keys(list)
    .sort((a, b) => Number(a) - Number(b))
    .map((key) => list[key] ?? '');
}

interface Tree {
  [name: string]: string | Tree;
}

function readParameters(parameters: [string, string][]): QueryInput {
  const root = Object.create(null) as Tree;
  for (const [path, value] of parameters) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    let node = root;
    for (const name of names) {
      const next = (node[name] ??= Object.create(null) as Tree);
      if (typeof next === 'string') throw invalidParameter(`${path} Reason: ${name} has a value`);
      node = next;
    }
    node[last] = value;
  }
  return root;
}

function answerError(request: AwsRequest, response: ServerResponse, error: AwsError): void {
  // SNS has a name of its own for what every other service calls AccessDenied.
  const Code = error.code === 'AccessDenied' ? 'AuthorizationError' : error.code;
  const Type = error.statusCode < 500 ? 'Sender' : 'Receiver';
  answer(response, error.statusCode, 'ErrorResponse', {
    Error: { Type, Code, Message: error.message },
    RequestId: request.requestId,
  });
}

function answer(
  response: ServerResponse,
  status: number,
  root: string,
  content: { readonly [name: string]: XmlContent },
): void {
  const body = xmlElement(root, content, ` xmlns="${NAMESPACE}"`);
  response.writeHead(status, {
    'content-type': 'text/xml',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
