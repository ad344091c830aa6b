import type { ServerResponse } from 'node:http';
import { AwsError } from '../core/aws-error';
import type { AwsContext } from '../core/aws-context';
import { readBody, type AwsRequest, type ServiceHandler } from '../core/aws-request';
import type { FunctionConfig, InvokeResult } from './function-config';
import { checkPayloadSize } from './limits';
import { logGroupOf, RUNTIME } from './runtime-environment';

/** What the API needs of the functions behind it. */
export interface FunctionStore {
  list(): FunctionConfig[];
  find(name: string): FunctionConfig | undefined;
  invoke(config: FunctionConfig, json: string, requestId: string): Promise<InvokeResult>;
  invokeAsync(config: FunctionConfig, payload: unknown): void;
}

interface Call {
  request: AwsRequest;
  response: ServerResponse;
  /** As in the path, decoded. */
  functionName: string;
}

const ROUTES: {
  method: string;
  path: RegExp;
  run: (api: Api, call: Call) => Promise<void> | void;
}[] = [
  { method: 'GET', path: /^\/2015-03-31\/functions\/?$/, run: listFunctions },
  { method: 'GET', path: /^\/2015-03-31\/functions\/([^/]+)$/, run: getFunction },
  {
    method: 'GET',
    path: /^\/2015-03-31\/functions\/([^/]+)\/configuration$/,
    run: getConfiguration,
  },
  { method: 'POST', path: /^\/2015-03-31\/functions\/([^/]+)\/invocations$/, run: invoke },
];

interface Api {
  context: AwsContext;
  functions: FunctionStore;
}

/**
 * Lambda's REST API: Invoke, GetFunction, GetFunctionConfiguration and ListFunctions.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html
 */
export function restApi(context: AwsContext, functions: FunctionStore): ServiceHandler {
  return async (request, response) => {
    try {
      for (const { method, path, run } of ROUTES) {
        const match = request.method === method && path.exec(request.path);
        if (!match) continue;
        const functionName = decodeURIComponent(match[1] ?? '');
        return await run({ context, functions }, { request, response, functionName });
      }
      throw new AwsError(
        'UnknownOperationException',
        `The local Lambda has no operation ${request.method} ${request.path}.`,
        404,
      );
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      answerError(response, request, error);
    }
  };
}

/**
 * The name in any form the API takes: a name, a partial or a full ARN, with or without `$LATEST`.
 * Throws ResourceNotFoundException for another version or alias: the local Lambda has none.
 */
export function plainName(nameOrArn: string, qualifier?: string | null): string {
  const parts = nameOrArn.split(':');
  const at = parts.indexOf('function') + 1;
  const [name = '', suffix] = parts.slice(at);
  const version = qualifier ?? suffix ?? '$LATEST';
  if (version !== '$LATEST') {
    throw new AwsError('ResourceNotFoundException', `Function not found: ${name}:${version}`, 404);
  }
  return name;
}

export function functionNotFound(arn: string): AwsError {
  return new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
}

/** The function called for, if the caller may do `action` on it. */
function authorized({ context, functions }: Api, call: Call, action: string): FunctionConfig {
  const name = plainName(call.functionName, call.request.query.get('Qualifier'));
  const config = functions.find(name);
  const arn =
    config?.arn ?? `arn:aws:lambda:${context.region}:${context.accountId}:function:${name}`;
  context.authorize(call.request.accessKeyId, action, arn);
  if (!config) throw functionNotFound(arn);
  return config;
}

async function invoke(api: Api, call: Call): Promise<void> {
  const { request, response } = call;
  const config = authorized(api, call, 'lambda:InvokeFunction');
  const type = header(request, 'x-amz-invocation-type') ?? 'RequestResponse';
  const json = (await readBody(request.http)).toString('utf8') || '{}';
  const payload = parsePayload(json);

  switch (type) {
    case 'DryRun':
      response.writeHead(204, { 'x-amzn-requestid': request.requestId });
      response.end();
      return;
    case 'Event':
      checkPayloadSize(json, 'Event');
      api.functions.invokeAsync(config, payload);
      response.writeHead(202, { 'x-amzn-requestid': request.requestId });
      response.end();
      return;
    case 'RequestResponse': {
      const result = await api.functions.invoke(config, json, request.requestId);
      response.writeHead(200, {
        'content-type': 'application/json',
        'x-amzn-requestid': result.requestId,
        'x-amz-executed-version': '$LATEST',
        ...(result.functionError && { 'x-amz-function-error': result.functionError }),
        ...(header(request, 'x-amz-log-type') === 'Tail' && {
          'x-amz-log-result': Buffer.from(result.logTail).toString('base64'),
        }),
      });
      response.end(JSON.stringify(result.payload));
      return;
    }
    default:
      throw new AwsError(
        'InvalidParameterValueException',
        `Invocation type "${type}"; expected RequestResponse, Event or DryRun.`,
      );
  }
}

function parsePayload(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch (error) {
    throw new AwsError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${(error as Error).message}`,
    );
  }
}

function getFunction(api: Api, call: Call): void {
  const config = authorized(api, call, 'lambda:GetFunction');
  answerJson(call, {
    Configuration: configurationOf(config),
    Code: { RepositoryType: 'Local', Location: `file://${config.codeFolder}` },
    ...(config.reservedConcurrency !== undefined && {
      Concurrency: { ReservedConcurrentExecutions: config.reservedConcurrency },
    }),
  });
}

function getConfiguration(api: Api, call: Call): void {
  const config = authorized(api, call, 'lambda:GetFunctionConfiguration');
  answerJson(call, configurationOf(config));
}

function listFunctions({ context, functions }: Api, call: Call): void {
  context.authorize(call.request.accessKeyId, 'lambda:ListFunctions', '*');
  const { query } = call.request;
  const marker = query.get('Marker') ?? '';
  // AWS never gives more than 50 a page, whatever is asked for.
  const pageSize = Math.min(Number(query.get('MaxItems') ?? 50), 50);
  const rest = functions
    .list()
    .filter((config) => config.name > marker)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const page = rest.slice(0, pageSize);
  answerJson(call, {
    Functions: page.map(configurationOf),
    ...(rest.length > page.length && { NextMarker: page.at(-1)?.name }),
  });
}

function configurationOf(config: FunctionConfig): object {
  return {
    FunctionName: config.name,
    FunctionArn: config.arn,
    Runtime: RUNTIME,
    Role: config.roleArn,
    Handler: config.handler,
    MemorySize: config.memoryMb,
    Timeout: config.timeoutSeconds,
    Version: '$LATEST',
    PackageType: 'Zip',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    Environment: { Variables: config.environment },
    LoggingConfig: { LogFormat: 'Text', LogGroup: logGroupOf(config.name) },
    ...(config.async.deadLetterArn && {
      DeadLetterConfig: { TargetArn: config.async.deadLetterArn },
    }),
  };
}

function header(request: AwsRequest, name: string): string | undefined {
  const value = request.http.headers[name];
  return typeof value === 'string' ? value : undefined;
}

function answerJson({ request, response }: Call, body: object): void {
  response.writeHead(200, {
    'content-type': 'application/json',
    'x-amzn-requestid': request.requestId,
  });
  response.end(JSON.stringify(body));
}

function answerError(response: ServerResponse, request: AwsRequest, error: AwsError): void {
  // Only S3 and the Query protocol say it without the suffix.
  const code = error.code === 'AccessDenied' ? 'AccessDeniedException' : error.code;
  response.writeHead(error.statusCode, {
    'content-type': 'application/json',
    'x-amzn-requestid': request.requestId,
    'x-amzn-errortype': code,
  });
  const type = error.statusCode < 500 ? 'User' : 'Service';
  response.end(JSON.stringify({ Type: type, Message: error.message, ...error.details }));
}
