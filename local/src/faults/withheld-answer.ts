import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';

/** An answer that a handler has given in full, and nobody has seen. */
export interface WithheldAnswer {
  status: number;
  headers: OutgoingHttpHeaders;
  body: Buffer;
}

/**
 * Keeps back what a handler answers, and calls `whenWhole` in place of its end; `response` is then
 * as before the first byte.
 */
export function withholdAnswer(
  response: ServerResponse,
  whenWhole: (answer: WithheldAnswer) => void,
): void {
  let status = 200;
  let headers: OutgoingHttpHeaders = {};
  let chunks: Buffer[] = [];
  const writeHead = response.writeHead.bind(response);
  const write = response.write.bind(response);
  const end = response.end.bind(response);

  const keep = (chunk: unknown): void => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  };
  const callBack = (values: unknown[]): void => {
    const written = values.find((value) => typeof value === 'function');
    if (written) queueMicrotask(written as () => void);
  };
  Object.assign(response, {
    writeHead(code: number, ...rest: unknown[]) {
      status = code;
      headers = (rest.find((value) => typeof value === 'object') ?? {}) as OutgoingHttpHeaders;
      // Of an answer that was begun and given up for an error, nothing stays.
      chunks = [];
      return response;
    },
    write(chunk: unknown, ...rest: unknown[]) {
      keep(chunk);
      callBack(rest);
      return true;
    },
    end(...values: unknown[]) {
      keep(values[0]);
      callBack(values);
      Object.assign(response, { writeHead, write, end });
      whenWhole({ status, headers, body: Buffer.concat(chunks) });
      return response;
    },
  });
}

/** Answers half of the body, and cuts the connection. Of an empty body there is no half. */
export function answerHalf(response: ServerResponse, answer: WithheldAnswer): void {
  const { status, headers, body } = answer;
  if (body.length === 0) return hangUp(response);
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => hangUp(response));
}

/** Cuts the connection that a request came by. */
export function hangUp(response: ServerResponse | Http2ServerResponse): void {
  if ('stream' in response) response.stream.session?.destroy();
  else response.socket?.destroy();
}
