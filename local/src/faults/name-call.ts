import { Readable } from 'node:stream';
import { isJsonObject } from '@saleslake/shared/runtime/json-object';
import { AwsError } from '../core/aws-error';
import { readBody, type AwsRequest } from '../core/aws-request';
import { operationFor } from '../s3/routes';
import { parseS3Request } from '../s3/s3-request';
import { actionPrefix } from './operation';

/** A call to AWS as rules speak of it. */
export interface Call {
  /** Such as `s3:PutObject`. */
  action: string;
  /** The key, or the bucket where there is none; the queue, function, table or stream. Or empty. */
  subject: string;
}

/** Members that name what an operation works on: by name, ARN or URL, of which the last part counts. */
const SUBJECT_MEMBERS = [
  'TableName',
  'QueueUrl',
  'QueueName',
  'SourceArn',
  'StreamName',
  'StreamARN',
  'StreamArn',
  'DeliveryStreamName',
  'TopicArn',
  'SecretId',
  'Rule',
  'WorkGroup',
  'DatabaseName',
  'AlarmName',
  'Namespace',
  'Name',
];

const LAMBDA_ACTIONS: { method: string; path: RegExp; action: string }[] = [
  { method: 'GET', path: /^\/2015-03-31\/functions\/?$/, action: 'ListFunctions' },
  { method: 'GET', path: /^\/2015-03-31\/functions\/([^/]+)$/, action: 'GetFunction' },
  {
    method: 'GET',
    path: /^\/2015-03-31\/functions\/([^/]+)\/configuration$/,
    action: 'GetFunctionConfiguration',
  },
  {
    method: 'POST',
    path: /^\/2015-03-31\/functions\/([^/]+)\/invocations$/,
    action: 'InvokeFunction',
  },
];

/**
 * What a request calls, and the request to be handled in place of this one, whose body may have
 * been read for it. No call where the service is going to refuse the request anyway.
 */
export async function nameCall(
  request: AwsRequest,
): Promise<{ call: Call | undefined; request: AwsRequest }> {
  if (request.service === 's3') return { call: nameS3Call(request), request };
  if (request.service === 'lambda') return { call: nameLambdaCall(request), request };
  const body = await readBody(request.http);
  const call = nameBodyCall(request, body.toString('utf8'));
  const { headers, method, url, socket } = request.http;
  const again = Object.assign(Readable.from([body]), { headers, method, url, socket });
  // Of the message no handler uses more.
  return { call, request: { ...request, http: again as unknown as AwsRequest['http'] } };
}

function nameS3Call(aws: AwsRequest): Call | undefined {
  try {
    const request = parseS3Request(aws);
    const { name } = operationFor(request);
    return { action: `s3:${name}`, subject: request.key || request.bucket };
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}

function nameLambdaCall({ method, path }: AwsRequest): Call | undefined {
  for (const each of LAMBDA_ACTIONS) {
    const match = each.method === method && each.path.exec(path);
    if (!match) continue;
    const name = decodeURIComponent(match[1] ?? '').replace(/:\$LATEST$/, '');
    return { action: `lambda:${each.action}`, subject: lastPart(name) };
  }
  return undefined;
}

/** AWS JSON, where a header has the action, or Query, where the form has it. */
function nameBodyCall(request: AwsRequest, body: string): Call | undefined {
  const target = request.http.headers['x-amz-target'];
  const input =
    target === undefined ? Object.fromEntries(new URLSearchParams(body)) : parseObject(body);
  const action =
    typeof target === 'string' ? target.slice(target.lastIndexOf('.') + 1) : input['Action'];
  if (typeof action !== 'string') return undefined;
  return { action: `${actionPrefix(request.service ?? '')}:${action}`, subject: subjectOf(input) };
}

function subjectOf(input: Record<string, unknown>): string {
  for (const member of SUBJECT_MEMBERS) {
    const value = input[member];
    if (typeof value === 'string') return lastPart(value);
  }
  // DynamoDB's batches and transactions: the first of their tables.
  const { RequestItems, TransactItems } = input;
  if (isJsonObject(RequestItems)) return lastPart(Object.keys(RequestItems)[0] ?? '');
  const first: unknown = Array.isArray(TransactItems) ? TransactItems[0] : undefined;
  const item = isJsonObject(first) ? Object.values(first)[0] : undefined;
  return isJsonObject(item) ? subjectOf(item) : '';
}

/** The name in a name, an ARN or a URL. */
export function lastPart(nameOrArn: string): string {
  const dynamoDbTable = /^arn:[^:]*:dynamodb:[^:]*:[^:]*:table\/([^/]+)/.exec(nameOrArn)?.[1];
  return (
    dynamoDbTable ??
    nameOrArn.slice(Math.max(...[':', '/'].map((c) => nameOrArn.lastIndexOf(c))) + 1)
  );
}

function parseObject(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return isJsonObject(value) ? value : {};
  } catch (error) {
    // The service says so itself.
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
