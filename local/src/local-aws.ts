import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { checkDeliveries } from './cloudformation/check-deliveries';
import { emptyDeployment, type Deployment } from './cloudformation/deployment';
import { planStack } from './cloudformation/plan-stack';
import type { Environment } from './cloudformation/resource-type';
import { createResources } from './composition/create-resources';
import { openInternalApi } from './composition/internal-api';
import { closeServices, openServices, type Services } from './composition/open-services';
import { route } from './composition/route';
import { lockState } from './composition/state-lock';
import type { Activity, AwsContext } from './core/aws-context';
import type { Clock } from './core/clock';
import { serveAws, type HttpServer } from './core/http-server';
import { startEventSourceMapping } from './event-source-mapping/event-source-mapping';
import { handleUnderFaults } from './faults/call-faults';
import type { FaultPlan, Faults } from './faults/faults';
import { openFaults } from './faults/open-faults';
import { openIam } from './iam/iam';
import type { PackagedService } from './packages/package-services';

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
  /**
   * False: no schedule fires, no queue is polled, no asynchronous invocation runs, no stream moves.
   */
  working?: boolean;
  /** What is to go wrong; nothing where none is given. */
  faults?: FaultPlan;
}

export interface LocalAws extends Omit<Services, 'handlers' | 'iam'> {
  /** Such as `http://127.0.0.1:4566`. */
  endpoint: string;
  /** What goes wrong on purpose. */
  faults: Faults;
  /** Stack outputs by stack name and output name. */
  outputs: Record<string, Record<string, string>>;
  /**
   * True where nothing runs or is about to: no invocation, nothing in the asynchronous queue, no
   * message, visible or not, in a queue that a function consumes, no notification on its way, no
   * record of a stream that a pipe or a delivery stream has yet to take. Dead-letter queues may
   * fill, and what Firehose buffers for its interval waits: see `firehose.flush`.
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
  const { stateDir, clock, port, working = true } = options;
  const { accountId = '000000000000', region = 'us-east-1' } = options;
  let endpoint = '';
  let opened: Services | undefined;
  const iam = openIam();
  const internal = openInternalApi(
    () => opened,
    () => faults,
  );
  const told: Pick<AwsContext, 'stateDir' | 'clock' | 'tell'> = {
    stateDir,
    clock,
    tell(activity) {
      options.tell(activity);
      internal.tell(activity);
    },
  };
  const faults = openFaults(told);
  if (options.faults) faults.start(options.faults);
  const context: AwsContext & { faults: Faults } = {
    ...told,
    accountId,
    region,
    endpoint: () => endpoint,
    authorize: (accessKeyId, action, arn) => iam.authorize(accessKeyId, action, arn),
    faults,
  };

  // Queue URLs hold the port, so it listens before the templates are read; requests wait.
  const gate = openGate();
  const calls = { faults, clock, callerArn: (key: string | undefined) => iam.callerArn(key) };
  const server = await listen(
    port,
    (request) => async (_, response) => {
      await gate.opened;
      const handle = route(request, internal.handler, opened?.handlers ?? {});
      await handleUnderFaults(calls, handle)(request, response);
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
  try {
    deployment = plan(options.services, { accountId, region, endpoint });
    opened = await openServices(context, iam, deployment, options.scheduleClock);
    await createResources(deployment, opened, stateDir);
    opened.s3.recover();
  } catch (error) {
    await server.close();
    if (opened) await closeServices(opened);
    throw error;
  }
  const services = opened;
  const { sqs, sns, lambda, eventBridge, cloudWatch, pipes, firehose } = services;
  const mappings = !working
    ? []
    : deployment.eventSourceMappings.map((mapping) =>
        startEventSourceMapping(context, mapping, sqs.queue(mapping.queueArn), (payload) =>
          lambda.invoke(mapping.functionName, payload),
        ),
      );
  services.athena.start();
  if (working) {
    lambda.start();
    sns.start();
    firehose.start();
    pipes.start();
    eventBridge.start();
    cloudWatch.start();
  }
  gate.open();

  const consumed = new Set(
    deployment.eventSourceMappings.flatMap(({ enabled, queueArn }) => (enabled ? [queueArn] : [])),
  );
  const idle = (): boolean =>
    lambda.idle() &&
    sns.idle() &&
    pipes.idle() &&
    firehose.idle() &&
    mappings.every((mapping) => mapping.idle()) &&
    sqs
      .queues()
      .filter(({ arn }) => consumed.has(arn))
      .every(({ visible, inFlight, delayed }) => visible + inFlight + delayed === 0);

  return {
    ...services,
    endpoint,
    faults,
    outputs: deployment.outputs,
    idle,
    async settled() {
      while (!idle()) await new Promise((resolve) => setTimeout(resolve, SETTLED_LOOKS_EVERY_MS));
    },
    async stop() {
      eventBridge.stop();
      cloudWatch.stop();
      // Functions that run may still call: the server closes last. What invokes functions waits
      // for them, which Lambda cuts off after a while.
      const stopped = await Promise.allSettled([
        ...mappings.map((mapping) => mapping.stop()),
        pipes.stop(),
        firehose.stop(),
        lambda.stop(),
        sns.stop(),
        services.athena.stop(),
        services.glue.stop(),
      ]);
      await server.close();
      await closeServices(services);
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
