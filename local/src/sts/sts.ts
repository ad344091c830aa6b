import type { ServerResponse } from 'node:http';
import { AwsError } from '../core/aws-error';
import type { AwsContext } from '../core/aws-context';
import { readBody, type AwsRequest, type ServiceHandler } from '../core/aws-request';

export interface Sts {
  handler: ServiceHandler;
}

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/**
 * Opens an STS that answers GetCallerIdentity by the AWS Query protocol.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export function openSts(
  context: AwsContext,
  options: {
    /** The assumed-role ARN that an access key stands for; undefined for a person's. */
    callerArn(accessKeyId: string | undefined): string | undefined;
  },
): Sts {
  return {
    async handler(request, response) {
      try {
        const parameters = new URLSearchParams((await readBody(request.http)).toString('utf8'));
        const action = parameters.get('Action') ?? request.query.get('Action') ?? '';
        if (action !== 'GetCallerIdentity') {
          throw new AwsError(
            'InvalidAction',
            `The local STS has no action "${action}"; it answers GetCallerIdentity only.`,
          );
        }
        answerIdentity(request, response);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        answer(
          response,
          error.statusCode,
          `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type>` +
            `<Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message>` +
            `</Error><RequestId>${request.requestId}</RequestId></ErrorResponse>`,
        );
      }
    },
  };

  function answerIdentity(request: AwsRequest, response: ServerResponse): void {
    const roleArn = options.callerArn(request.accessKeyId);
    const arn = roleArn ?? `arn:aws:iam::${context.accountId}:root`;
    // A role's id is its key's session; the root user's is the account itself.
    const userId = roleArn
      ? `${request.accessKeyId}:${roleArn.slice(roleArn.lastIndexOf('/') + 1)}`
      : context.accountId;
    answer(
      response,
      200,
      `<GetCallerIdentityResponse xmlns="${NAMESPACE}"><GetCallerIdentityResult>` +
        `<Arn>${escapeXml(arn)}</Arn><UserId>${escapeXml(userId)}</UserId>` +
        `<Account>${escapeXml(context.accountId)}</Account></GetCallerIdentityResult>` +
        `<ResponseMetadata><RequestId>${request.requestId}</RequestId></ResponseMetadata>` +
        `</GetCallerIdentityResponse>`,
    );
  }
}

function answer(response: ServerResponse, status: number, xml: string): void {
  response.writeHead(status, { 'content-type': 'text/xml' });
  response.end(xml);
}

function escapeXml(text: string): string {
  return text.replace(/[<>&]/g, (character) => `&#${character.charCodeAt(0)};`);
}
