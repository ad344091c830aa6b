/** The base of every error that saleslake throws on purpose; `code` is for programs. */
export class SaleslakeError extends Error {
  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = code;
  }
}

/** The environment of a function or command is not as it must be. */
export class EnvironmentError extends SaleslakeError {
  constructor(message: string) {
    super('EnvironmentError', message);
  }
}

/** An event has not the form that its source promises. */
export class EventError extends SaleslakeError {
  constructor(message: string) {
    super('EventError', message);
  }
}
