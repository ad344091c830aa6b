/** An error as AWS answers it; the protocol in use (REST-XML, AWS JSON, Query) gives it its form. */
export class AwsError extends Error {
  constructor(
    /** The code that SDK clients switch on, such as `NoSuchKey`. */
    readonly code: string,
    message: string,
    readonly statusCode = 400,
    /** Further members of the error's body. */
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = code;
  }
}
