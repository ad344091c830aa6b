import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  clientConfig,
  LOCAL_CREDENTIALS,
  LOCAL_REGION,
  LOCAL_STAGE,
  runningEndpoint,
} from '../local-names';

/** The part of Serverless that the plugin touches. */
interface Serverless {
  service: {
    provider: { stage: string; environment?: Record<string, unknown> };
    functions: Record<
      string,
      { name: string; environment?: Record<string, unknown>; events?: Record<string, unknown>[] }
    >;
    custom?: Record<string, unknown>;
  };
  processedInput: { commands: string[] };
  classes: { Error: new (message: string) => Error };
}

interface Options {
  function?: string;
  lambdaPort?: string;
}

const OFFLINE_LAMBDA_PORT = 3002;

/**
 * Joins `sls invoke local` and `sls offline` to the local AWS, in the stage `local` only: functions
 * get the environment that they have there, and with `sls offline` the local AWS's event sources
 * call them in this process, so that a breakpoint is hit.
 */
export class SaleslakePlugin {
  readonly hooks: Record<string, () => Promise<void> | void>;
  private endpoint = '';

  constructor(
    private readonly serverless: Serverless,
    private readonly options: Options,
  ) {
    const inLocalStage = (hook: () => Promise<void> | void) => () =>
      this.serverless.service.provider.stage === LOCAL_STAGE ? hook() : undefined;
    this.hooks = {
      'before:deploy:deploy': inLocalStage(() => this.refuseDeploy()),
      // Before Serverless reads the environment, in whose first hook it fails on Fn::Sub.
      initialize: inLocalStage(() => this.joinForInvoke()),
      'before:offline:start': inLocalStage(() => this.joinForOffline()),
      'before:offline:start:init': inLocalStage(() => this.joinForOffline()),
    };
  }

  private refuseDeploy(): void {
    if (process.env['AWS_ENDPOINT_URL']) return;
    throw new this.serverless.classes.Error(
      'The stage local is the laptop. Name one to deploy to: sls deploy --stage dev',
    );
  }

  private async joinForInvoke(): Promise<void> {
    if (this.serverless.processedInput.commands.join(' ') !== 'invoke local') return;
    const endpoint = await runningEndpoint();
    if (!endpoint) {
      throw new this.serverless.classes.Error(
        'No local AWS is running. Start it in another terminal: npm start',
      );
    }
    const { functions } = this.serverless.service;
    const name = this.options.function ?? '';
    if (functions[name]) await this.useEnvironment(endpoint, [name]);
  }

  private async joinForOffline(): Promise<void> {
    const { service } = this.serverless;
    this.endpoint = (await runningEndpoint()) ?? (await this.startOwnAws());
    await this.useEnvironment(this.endpoint, Object.keys(service.functions));
    for (const definition of Object.values(service.functions)) {
      // The local AWS's EventBridge fires schedules; fired here too, each tick would run twice.
      definition.events = definition.events?.filter((event) => !('schedule' in event)) ?? [];
    }
    // In worker threads of its own a debugger's breakpoint would not be hit.
    service.custom = {
      ...service.custom,
      'serverless-offline': {
        useInProcess: true,
        noPrependStageInUrl: true,
        ...(service.custom?.['serverless-offline'] as object | undefined),
      },
    };
    void this.redirectOnceListening();
  }

  /** Starts one for as long as this process runs; Ctrl-C reaches both. */
  private async startOwnAws(): Promise<string> {
    const command = join(__dirname, '..', '..', 'bin', 'saleslake.cjs');
    const child = spawn(process.execPath, [command, 'start'], { stdio: 'inherit' });
    process.once('exit', () => child.kill());
    for (;;) {
      const endpoint = await runningEndpoint();
      if (endpoint) return endpoint;
      if (child.exitCode !== null) {
        throw new this.serverless.classes.Error('The local AWS could not be started; see above.');
      }
      await delay(200);
    }
  }

  /** Gives functions what they have in the local AWS: every intrinsic function resolved. */
  private async useEnvironment(endpoint: string, names: string[]): Promise<void> {
    // Every `sls` command loads this file, and few come here.
    const { GetFunctionConfigurationCommand, LambdaClient } =
      await import('@aws-sdk/client-lambda');
    const { provider, functions } = this.serverless.service;
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: LOCAL_REGION,
      AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
    });
    const client = new LambdaClient(clientConfig(endpoint));
    provider.environment = {};
    for (const name of names) {
      const definition = functions[name];
      if (!definition) continue;
      const configuration = await client.send(
        new GetFunctionConfigurationCommand({ FunctionName: definition.name }),
      );
      definition.environment = { ...configuration.Environment?.Variables };
    }
  }

  private async redirectOnceListening(): Promise<void> {
    const port = Number(this.options.lambdaPort ?? OFFLINE_LAMBDA_PORT);
    while (!(await isListening(port))) await delay(200);
    await this.redirect(`http://127.0.0.1:${port}`);
    console.error(
      `Joined the local AWS at ${this.endpoint}: its event sources now call this process.`,
    );
  }

  private async redirect(endpoint: string): Promise<void> {
    for (const { name } of Object.values(this.serverless.service.functions)) {
      const answer = await fetch(`${this.endpoint}/_saleslake/functions/${name}/redirect`, {
        method: 'PUT',
        body: JSON.stringify({ endpoint }),
      });
      if (!answer.ok) throw new Error(`Could not join the local AWS: ${await answer.text()}`);
    }
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
