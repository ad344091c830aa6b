import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { checkDeliveries } from './cloudformation/check-deliveries';
import type { Catalog } from './cloudformation/catalog';
import { emptyDeployment, type Deployment } from './cloudformation/deployment';
import { planStack } from './cloudformation/plan-stack';
import type { Environment } from './cloudformation/resource-type';
import { createResources } from './composition/create-resources';
import { openInternalApi } from './composition/internal-api';
import { route } from './composition/route';
import { lockState } from './composition/state-lock';
import type { Activity, AwsContext } from './core/aws-context';
import { AwsError } from './core/aws-error';
import type { ServiceHandler } from './core/aws-request';
import type { Clock } from './core/clock';
import { serveAws, type HttpServer } from './core/http-server';
import {
  startEventSourceMapping,
  type EventSourceMapping,
} from './event-source-mapping/event-source-mapping';
import { openEventBridge } from './eventbridge/eventbridge';
import { openIam } from './iam/iam';
import { openLambda, type Lambda, type MessageAttributes } from './lambda/lambda';
import type { PackagedService } from './packages/package-services';
import { openS3, type S3 } from './s3/s3';
import { openSqs, type Sqs } from './sqs/sqs';
import { openSts } from './sts/sts';

export interface LocalAwsOptions {
  stateDir: string;
  /** 0 takes a free one. */
  port: number;
  clock: Clock;
  /** What EventBridge schedules run on, where not on `clock`. */
  scheduleClock?: Clock;
  accountId?: string;
  region?: string;
  tell: (activity: Activity) => void;
  services: PackagedService[];
  /** False: no schedule fires, no queue is polled, no asynchronous invocation runs. */
  working?: boolean;
}

export interface LocalAws {
  /** Such as `http://127.0.0.1:4566`. */
  endpoint: string;
  s3: S3;
  sqs: Sqs;
  lambda: Lambda;
  catalog: Catalog;
  /** Stack outputs by stack name and output name. */
  outputs: Record<string, Record<string, string>>;
  /**
   * True where nothing runs or is about to: no invocation, nothing in the asynchronous queue, and
   * no message, visible or not, in a queue that a function consumes. Dead-letter queues may fill.
   */
  idle(): boolean;
  /** Returns when it is idle. Looks again every few milliseconds of real time. */
  settled(): Promise<void>;
  /** Lets what runs end, for a few seconds, and gives port and state free. */
  stop(): Promise<void>;
}

const SETTLED_LOOKS_EVERY_MS = 20;

/**
 * Starts the local AWS on what the services' templates declare. Throws where a template cannot be
 * deployed, the state folder is in use by another process, or the port is.
 */
export async function startLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  const unlock = lockState(options.stateDir);
  try {
    return await startLocked(options, unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

async function startLocked(options: LocalAwsOptions, unlock: () => void): Promise<LocalAws> {
  const { stateDir, clock, port, services, working = true } = options;
  const { accountId = '000000000000', region = 'us-east-1' } = options;
  let endpoint = '';
  const internal = openInternalApi(() => lambda);
  const iam = openIam();
  const context: AwsContext = {
    accountId,
    region,
    clock,
    stateDir,
    endpoint: () => endpoint,
    tell(activity) {
      options.tell(activity);
      internal.tell(activity);
    },
    authorize: (accessKeyId, action, arn) => iam.authorize(accessKeyId, action, arn),
  };

  const sqs = openSqs(context);
  const lambda = openLambda(context, {
    credentialsFor: (roleArn) => iam.credentialsFor(roleArn),
    deliver: (arn, body, attributes) => deliver(arn, JSON.stringify(body), attributes),
  });
  const eventBridge = openEventBridge(context, deliver, options.scheduleClock);
  const s3 = openS3(context, (event) => eventBridge.publish(event));
  const sts = openSts(context, { callerArn: (accessKeyId) => iam.callerArn(accessKeyId) });

  /** Hands over to a queue or to a function's asynchronous queue. */
  function deliver(arn: string, body: string, attributes: MessageAttributes = {}): void {
    const [, , service] = arn.split(':');
    if (service === 'sqs') {
      const messageAttributes = Object.entries(attributes).map(
        ([name, { type, value }]) => [name, { DataType: type, StringValue: value }] as const,
      );
      sqs.send(arn, body, Object.fromEntries(messageAttributes));
    } else if (service === 'lambda') lambda.invokeAsync(arn, JSON.parse(body));
    else throw new AwsError('ResourceNotFoundException', `The local AWS cannot send to ${arn}.`);
  }

  const handlers: Record<string, ServiceHandler> = {
    events: eventBridge.handler,
    lambda: lambda.handler,
    s3: s3.handler,
    sqs: sqs.handler,
    sts: sts.handler,
  };
  // Queue URLs hold the port, so it listens before the templates are read; requests wait.
  const gate = openGate();
  const server = await listen(
    port,
    (request) => async (_, response) => {
      await gate.opened;
      await route(request, internal.handler, handlers)(request, response);
    },
    (error, request) =>
      context.tell({
        service: 'cloudformation',
        what: 'fault of the emulator',
        subject: `${request.method} ${request.path}`,
        detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
        level: 'error',
      }),
  );
  endpoint = `http://127.0.0.1:${server.port}`;

  let deployment: Deployment;
  let mappings: EventSourceMapping[] = [];
  try {
    deployment = plan(services, { accountId, region, endpoint });
    createResources(deployment, { iam, s3, sqs, lambda, eventBridge }, stateDir);
    s3.recover();
  } catch (error) {
    await server.close();
    throw error;
  }
  if (working) {
    mappings = deployment.eventSourceMappings.map((mapping) =>
      startEventSourceMapping(context, mapping, sqs.queue(mapping.queueArn), (payload) =>
        lambda.invoke(mapping.functionName, payload),
      ),
    );
    lambda.start();
    eventBridge.start();
  }
  gate.open();

  const consumed = new Set(
    deployment.eventSourceMappings.flatMap(({ enabled, queueArn }) => (enabled ? [queueArn] : [])),
  );
  const idle = (): boolean =>
    lambda.idle() &&
    mappings.every((mapping) => mapping.idle()) &&
    sqs
      .queues()
      .filter(({ arn }) => consumed.has(arn))
      .every(({ visible, inFlight, delayed }) => visible + inFlight + delayed === 0);

  return {
    endpoint,
    s3,
    sqs,
    lambda,
    catalog: deployment.catalog,
    outputs: deployment.outputs,
    idle,
    async settled() {
      while (!idle()) await new Promise((resolve) => setTimeout(resolve, SETTLED_LOOKS_EVERY_MS));
    },
    async stop() {
      eventBridge.stop();
      // Functions that run may still call: the server closes last. A mapping waits for its
      // invocations, which Lambda cuts off after a while.
      const stopped = await Promise.allSettled([
        ...mappings.map((mapping) => mapping.stop()),
        lambda.stop(),
      ]);
      await server.close();
      unlock();
      const failed = stopped.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
    },
  };
}

function plan(services: PackagedService[], environment: Environment): Deployment {
  const deployment = emptyDeployment();
  for (const { path, stackName, template, folder } of services) {
    const stack = { label: path, name: stackName, template, packageFolder: folder };
    planStack(stack, environment, deployment);
  }
  checkDeliveries(deployment);
  return deployment;
}

async function listen(...[port, ...handlers]: Parameters<typeof serveAws>): Promise<HttpServer> {
  try {
    return await serveAws(port, ...handlers);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new SaleslakeError(
      'PortInUse',
      `Port ${port} is in use. Stop what listens there (another local AWS?) or choose another port.`,
      { cause: error },
    );
  }
}

function openGate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
