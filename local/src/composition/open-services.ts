import { createReadStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { openAthena, type Athena } from '../athena/athena';
import { openQueryEngine } from '../athena/engine/open-query-engine';
import type { Deployment } from '../cloudformation/deployment';
import { openCloudWatch, type CloudWatch, type Measure } from '../cloudwatch/cloudwatch';
import { deliveryStreamGauges, queueGauges } from '../cloudwatch/service-gauges';
import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import type { ServiceHandler } from '../core/aws-request';
import type { Clock } from '../core/clock';
import { openDynamoDb, type DynamoDb } from '../dynamodb/dynamodb';
import { openEventBridge, type EventBridge } from '../eventbridge/eventbridge';
import { deliverUnderFaults } from '../faults/delivery-faults';
import { deliverObjectsUnderFaults } from '../faults/duplicate-objects';
import type { Faults } from '../faults/faults';
import { openFirehose, type Firehose } from '../firehose/firehose';
import { openGlue, type Glue } from '../glue/glue';
import type { Iam } from '../iam/iam';
import { openKinesis, type Kinesis } from '../kinesis/kinesis';
import { openLambda, type Lambda } from '../lambda/lambda';
import { LOCAL_CREDENTIALS } from '../local-names';
import { openPipes, type Pipes } from '../pipes/pipes';
import { openS3, type S3 } from '../s3/s3';
import { openSecretsManager } from '../secretsmanager/secretsmanager';
import { openSns, type MessageAttributes, type Sns } from '../sns/sns';
import { openSqs, type Sqs } from '../sqs/sqs';
import { openSts } from '../sts/sts';

/** Every emulated service, joined to those that it calls. */
export interface Services {
  iam: Iam;
  s3: S3;
  sqs: Sqs;
  sns: Sns;
  cloudWatch: CloudWatch;
  lambda: Lambda;
  eventBridge: EventBridge;
  dynamoDb: DynamoDb;
  kinesis: Kinesis;
  pipes: Pipes;
  firehose: Firehose;
  glue: Glue;
  athena: Athena;
  /** Who answers, by the service's name in a signature's credential scope. */
  handlers: Record<string, ServiceHandler>;
}

/** Opens every service on its state, none of them working yet. */
export async function openServices(
  context: AwsContext & { faults: Faults },
  iam: Iam,
  { catalog }: Deployment,
  scheduleClock?: Clock,
): Promise<Services> {
  /** What writes objects for others does it by S3's API, so that roles hold and events are raised. */
  const s3ClientWith = (credentials: { accessKeyId: string; secretAccessKey: string }): S3Client =>
    new S3Client({
      endpoint: context.endpoint(),
      region: context.region,
      credentials,
      forcePathStyle: true,
    });

  const measure: Measure = (datum) => cloudWatch.measure(datum);
  const sqs = openSqs(context);
  const lambda = openLambda(context, {
    credentialsFor: (roleArn) => iam.credentialsFor(roleArn),
    deliver: (arn, body, attributes) => deliver(0, arn, JSON.stringify(body), attributes),
    measure,
    onLog: (_, text) => cloudWatch.ingestLog(text),
  });
  const eventBridge = openEventBridge(
    context,
    deliverUnderFaults(context.faults, 'events:deliver', deliver),
    scheduleClock,
  );
  const sns = openSns(context, {
    sendToQueue: deliverUnderFaults(context.faults, 'sns:deliver', deliver),
    invokeAsync: deliverUnderFaults(
      context.faults,
      'sns:deliver',
      (delayMs, arn, payload: unknown) => lambda.invokeAsync(arn, payload, delayMs),
    ),
  });
  const cloudWatch = openCloudWatch(context, {
    publishEvent: (event) => eventBridge.publish(event),
    publishToTopic: (arn, subject, message) => void sns.publish(arn, { subject, message }),
    gauges: () => [
      ...queueGauges(sqs.queues()),
      ...deliveryStreamGauges(firehose.deliveryStreams(), context.clock.now()),
    ],
  });
  const s3 = openS3(context, (event) => eventBridge.publish(event));
  const sts = openSts(context, { callerArn: (accessKeyId) => iam.callerArn(accessKeyId) });
  const dynamoDb = await openDynamoDb(context);
  const kinesis = openKinesis(context);
  const glue = openGlue(context, catalog, { bucketFolder: (name) => s3.bucketFolder(name) });
  const athena = openAthena(context, {
    catalog: glue.catalog,
    declared: catalog,
    measure,
    openEngine: () =>
      Promise.resolve(
        openQueryEngine({
          catalog: glue.catalog,
          bucketFolder: (name) =>
            s3.buckets().some((bucket) => bucket.name === name) ? s3.bucketFolder(name) : undefined,
          async putFile(Bucket, Key, path) {
            const ContentLength = statSync(path).size;
            const Body = createReadStream(path);
            await s3ClientWith(LOCAL_CREDENTIALS).send(
              new PutObjectCommand({ Bucket, Key, Body, ContentLength }),
            );
          },
          temporaryFolder: join(context.stateDir, 'athena', 'temporary'),
          now: () => context.clock.now(),
        }),
      ),
  });

  const authorizeRole = (roleArn: string, action: string, resourceArn: string): void =>
    iam.authorize(iam.credentialsFor(roleArn).accessKeyId, action, resourceArn);
  const pipes = openPipes(context, {
    tableStream: (arn) => dynamoDb.stream(arn),
    kinesisStream: (arn) => kinesis.stream(arn),
    sendToQueue: (arn, body) => sqs.send(arn, body),
    invokeFunction: (arn, payload) => lambda.invoke(arn, payload),
    authorizeRole,
    measure,
  });
  const firehose = openFirehose(context, {
    invokeFunction: (arn, payload) => lambda.invoke(arn, payload),
    kinesisStream: (arn) => kinesis.stream(arn),
    glueTable: (databaseName, name) => glue.catalog.table(databaseName, name),
    s3Client: (roleArn) =>
      deliverObjectsUnderFaults(context.faults, s3ClientWith(iam.credentialsFor(roleArn))),
    authorizeRole,
    measure,
  });

  /** Hands over to a queue or to a function's asynchronous queue, after a delay, or to a topic. */
  function deliver(
    delayMs: number,
    arn: string,
    body: string,
    attributes: MessageAttributes = {},
  ): void {
    const [, , service] = arn.split(':');
    if (service === 'sqs') {
      const messageAttributes = Object.entries(attributes).map(
        ([name, { type, value }]) =>
          [
            name,
            { DataType: type, [type.startsWith('Binary') ? 'BinaryValue' : 'StringValue']: value },
          ] as const,
      );
      sqs.queue(arn).send({
        body,
        attributes: Object.fromEntries(messageAttributes),
        senderId: context.accountId,
        ...(delayMs > 0 && { delaySeconds: delayMs / 1000 }),
      });
    } else if (service === 'lambda') lambda.invokeAsync(arn, JSON.parse(body), delayMs);
    else if (service === 'sns') sns.publish(arn, { message: body });
    else throw new AwsError('ResourceNotFoundException', `The local AWS cannot send to ${arn}.`);
  }

  const handlers = {
    athena: athena.handler,
    dynamodb: dynamoDb.handler,
    events: eventBridge.handler,
    firehose: firehose.handler,
    glue: glue.handler,
    kinesis: kinesis.handler,
    lambda: lambda.handler,
    monitoring: cloudWatch.handler,
    s3: s3.handler,
    secretsmanager: openSecretsManager(context).handler,
    sns: sns.handler,
    sqs: sqs.handler,
    sts: sts.handler,
  };
  return {
    iam,
    s3,
    sqs,
    sns,
    cloudWatch,
    lambda,
    eventBridge,
    dynamoDb,
    kinesis,
    pipes,
    firehose,
    glue,
    athena,
    handlers,
  };
}

/** Lets go of the files of services that do not work any more. */
export async function closeServices({ cloudWatch, kinesis, dynamoDb }: Services): Promise<void> {
  cloudWatch.close();
  kinesis.close();
  await dynamoDb.close();
}
