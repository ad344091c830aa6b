import { SaleslakeError } from '@saleslake/shared/runtime/errors';

/** A record's bytes cannot be used; the message says what was expected, and nothing of the bytes. */
export class PayloadError extends SaleslakeError {
  constructor(message: string) {
    super('PayloadError', message);
  }
}
