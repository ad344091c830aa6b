import type { AwsContext } from '../core/aws-context';
import { shownAttributes } from './message-attributes';
import { textFor, type Message } from './message';
import type { Subscription } from './subscription';

// Nobody can hold AWS's key: what checks signatures cannot be tried against the local AWS.
const SIGNATURE = { SignatureVersion: '1', Signature: 'UNSIGNED' };

/**
 * What a subscriber gets of a message by SQS, HTTP and as JSON by e-mail.
 * https://docs.aws.amazon.com/sns/latest/dg/http-notification-json.html
 */
export function notification(
  context: AwsContext,
  subscription: Subscription,
  message: Message,
): string {
  const envelope = {
    Type: 'Notification',
    MessageId: message.id,
    TopicArn: message.topicArn,
    Subject: message.subject,
    Message: textFor(message, subscription.protocol),
    Timestamp: new Date(message.publishedAt).toISOString(),
    ...SIGNATURE,
    SigningCertURL: signingCertUrl(context),
    UnsubscribeURL: unsubscribeUrl(context, subscription),
    MessageAttributes: shownAttributes(message.attributes),
  };
  return JSON.stringify(envelope, null, 2);
}

/**
 * What an endpoint is asked before it gets anything.
 * https://docs.aws.amazon.com/sns/latest/dg/http-subscription-confirmation-json.html
 */
export function subscriptionConfirmation(
  context: AwsContext,
  { topicArn, token = '' }: Subscription,
  message: Message,
): string {
  const envelope = {
    Type: 'SubscriptionConfirmation',
    MessageId: message.id,
    Token: token,
    TopicArn: topicArn,
    Message: message.message,
    SubscribeURL: actionUrl(context, {
      Action: 'ConfirmSubscription',
      TopicArn: topicArn,
      Token: token,
    }),
    Timestamp: new Date(message.publishedAt).toISOString(),
    ...SIGNATURE,
    SigningCertURL: signingCertUrl(context),
  };
  return JSON.stringify(envelope, null, 2);
}

/**
 * What a function is invoked with. Its URLs are spelled otherwise than in a notification.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
 */
export function lambdaEvent(
  context: AwsContext,
  subscription: Subscription,
  message: Message,
): object {
  const { SignatureVersion, Signature } = SIGNATURE;
  const sns = {
    Type: 'Notification',
    MessageId: message.id,
    TopicArn: message.topicArn,
    Subject: message.subject ?? null,
    Message: textFor(message, subscription.protocol),
    Timestamp: new Date(message.publishedAt).toISOString(),
    SignatureVersion,
    Signature,
    SigningCertUrl: signingCertUrl(context),
    UnsubscribeUrl: unsubscribeUrl(context, subscription),
    MessageAttributes: shownAttributes(message.attributes) ?? {},
  };
  const record = {
    EventSource: 'aws:sns',
    EventVersion: '1.0',
    EventSubscriptionArn: subscription.arn,
    Sns: sns,
  };
  return { Records: [record] };
}

function unsubscribeUrl(context: AwsContext, { arn }: Subscription): string {
  return actionUrl(context, { Action: 'Unsubscribe', SubscriptionArn: arn });
}

function signingCertUrl(context: AwsContext): string {
  return `${context.endpoint()}/SimpleNotificationService-local.pem`;
}

/** A link that does something when it is visited, as SNS's do. */
function actionUrl(context: AwsContext, parameters: Record<string, string>): string {
  // SNS has a host of its own. Here one host serves all, told apart by the credential scope.
  const credential = `link/20250101/${context.region}/sns/aws4_request`;
  const query = new URLSearchParams({ ...parameters, 'X-Amz-Credential': credential });
  return `${context.endpoint()}/?${query.toString()}`;
}
