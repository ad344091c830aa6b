import { createRequire } from 'node:module';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import type { Activity } from '../core/aws-context';
import { realClock, type Clock } from '../core/clock';
import type { FaultPlan } from '../faults/faults';
import type * as localAws from '../local-aws';
import {
  clientConfig,
  LOCAL_ACCOUNT,
  LOCAL_REGION,
  LOCAL_STAGE,
  runningEndpoint,
} from '../local-names';
import { packageServices } from '../packages/package-services';
import { keepFailure } from './failure-log';
import type { Project } from './project';
import { step } from './terminal';

export interface StartOptions {
  /** 0 takes a free one. */
  port: number;
  tell: (activity: Activity) => void;
  /** The clock of EventBridge schedules, where it is not the wall clock. */
  scheduleClock?: Clock;
  /** False: no schedule fires, no message is consumed, no function runs by itself. */
  working?: boolean;
  /** What is to go wrong. */
  faults?: FaultPlan;
  /** Of steps that take less, nothing is said. */
  silentMs?: number;
}

// Most commands find a local AWS that runs, and need not wait until all of it is loaded.
const load = () => createRequire(__filename)('../local-aws') as typeof localAws;

// A command that only looks something up starts the local AWS for itself, without a word of it.
const A_MOMENT_MS = 2000;

/** Packages the services where that is due, and starts the local AWS on them, with progress. */
export async function startProject(
  project: Project,
  { silentMs, ...options }: StartOptions,
): Promise<localAws.LocalAws> {
  const packaging = step('Package the services', silentMs);
  const services = await packageServices(
    project.root,
    project.packageCache,
    LOCAL_STAGE,
    (message) => packaging.update(message),
  );
  packaging.done(services.map(({ name }) => name).join(', '));
  const starting = step('Start the local AWS', silentMs);
  const aws = await load().startLocalAws({
    ...options,
    tell(activity) {
      keepFailure(project.stateDir, activity);
      options.tell(activity);
    },
    stateDir: project.stateDir,
    clock: realClock,
    accountId: LOCAL_ACCOUNT,
    region: LOCAL_REGION,
    services,
  });
  starting.done(aws.endpoint);
  return aws;
}

/**
 * Does something with the local AWS: the one that runs, or else one started for just that time.
 * @throws SaleslakeError where it cannot be started.
 */
export async function withLocalAws<T>(
  project: Project,
  use: (endpoint: string) => Promise<T>,
  { working = true } = {},
): Promise<T> {
  const running = await runningEndpoint();
  if (running) return use(running);
  const aws = await startProject(project, {
    port: 0,
    tell: () => {},
    working,
    silentMs: A_MOMENT_MS,
  });
  try {
    return await use(aws.endpoint);
  } finally {
    await aws.stop();
  }
}

/** The SDK's S3 client on an endpoint. */
export function s3ClientOf(endpoint: string): S3Client {
  return new S3Client({ ...clientConfig(endpoint), forcePathStyle: true });
}

/**
 * Invokes a function and waits for its answer.
 * @throws SaleslakeError with what the function says where it fails.
 */
export async function invoke(endpoint: string, name: string, event: object): Promise<unknown> {
  const lambda = new LambdaClient(clientConfig(endpoint));
  const answered = await lambda.send(
    new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }),
  );
  const payload = answered.Payload?.transformToString() ?? '';
  if (answered.FunctionError) {
    throw new SaleslakeError('InvocationFailed', `${name} failed: ${payload}`);
  }
  return JSON.parse(payload);
}

/**
 * Asks `condition` again and again until it gives something.
 * @throws SaleslakeError saying what was waited for, after `timeoutMs`.
 */
export async function waitFor<T>(
  what: string,
  timeoutMs: number,
  condition: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await condition();
    if (found !== undefined) return found;
    if (Date.now() > deadline) {
      throw new SaleslakeError(
        'Timeout',
        `Waited ${Math.round(timeoutMs / 1000)} s for ${what}, in vain. ` +
          '`saleslake status` shows queues and failures.',
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
