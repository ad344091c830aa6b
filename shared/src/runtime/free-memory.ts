import type { MessagePort } from 'node:worker_threads';

let nowhere: MessagePort | undefined;

/**
 * Frees a buffer's memory at once, and leaves the buffer empty. V8 would let tens of MiB of garbage
 * wait. It is sent to a port that nobody listens to, which drops what comes:
 * https://html.spec.whatwg.org/multipage/web-messaging.html#message-port-post-message-steps
 */
export function freeMemory(buffer: ArrayBuffer): void {
  nowhere ??= openNowhere();
  nowhere.postMessage(undefined, [buffer]);
}

function openNowhere(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  return port1;
}
