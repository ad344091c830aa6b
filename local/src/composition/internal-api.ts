import type { ServerResponse } from 'node:http';
import type { Activity } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import { readBody, type ServiceHandler } from '../core/aws-request';
import type { Lambda } from '../lambda/lambda';

/** The paths below it are saleslake's own and no AWS service's. */
export const INTERNAL_PREFIX = '/_saleslake/';

export interface InternalApi {
  handler: ServiceHandler;
  /** Passes an activity on to whoever follows. */
  tell(activity: Activity): void;
}

/**
 * What other saleslake processes ask of a running local AWS:
 * - `GET health`: whether it is up.
 * - `GET activity`: each Activity from now on, a line of JSON each, until the caller hangs up.
 * - `PUT functions/<name>/redirect` with `{"endpoint": "http://…"}`: invocations go to the Lambda
 *   API there. `DELETE` ends that.
 */
export function openInternalApi(lambda: () => Lambda): InternalApi {
  const followers = new Set<ServerResponse>();
  return {
    tell(activity) {
      const line = `${JSON.stringify(activity)}\n`;
      for (const follower of followers) follower.write(line);
    },

    async handler(request, response) {
      const path = request.path.slice(INTERNAL_PREFIX.length);
      const [, functionName] = /^functions\/([^/]+)\/redirect$/.exec(path) ?? [];
      try {
        if (path === 'health' && request.method === 'GET') {
          answer(response, 200, { status: 'ok', pid: process.pid });
        } else if (path === 'activity' && request.method === 'GET') {
          response.writeHead(200, { 'content-type': 'application/x-ndjson' });
          response.flushHeaders();
          followers.add(response);
          response.once('close', () => followers.delete(response));
        } else if (functionName !== undefined && request.method === 'PUT') {
          const endpoint = readEndpoint((await readBody(request.http)).toString('utf8'));
          lambda().redirect(decodeURIComponent(functionName), endpoint);
          answer(response, 200, { endpoint });
        } else if (functionName !== undefined && request.method === 'DELETE') {
          lambda().redirect(decodeURIComponent(functionName), undefined);
          answer(response, 200, {});
        } else {
          answer(response, 404, { message: `There is no ${request.method} ${request.path}.` });
        }
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        answer(response, error.statusCode, { message: error.message });
      }
    },
  };
}

function readEndpoint(body: string): string {
  try {
    const { endpoint } = JSON.parse(body) as { endpoint?: unknown };
    if (typeof endpoint === 'string' && URL.canParse(endpoint)) return endpoint;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new AwsError('ValidationException', `Expected {"endpoint": "http://…"}, found ${body}`);
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}
