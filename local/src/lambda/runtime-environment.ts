import { randomBytes } from 'node:crypto';
import type { FunctionConfig } from './function-config';

export interface FunctionCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** Bundles run on the Node.js that runs the local AWS, whatever runtime their template names. */
export const RUNTIME = `nodejs${process.versions.node.split('.')[0]}.x`;

export function logGroupOf(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}

/**
 * The whole environment of one execution environment: the template's variables and Lambda's own,
 * nothing of this process. `AWS_ENDPOINT_URL` always is the local AWS, so that no function reaches
 * the real one by mistake.
 */
export function runtimeEnvironment(
  config: FunctionConfig,
  aws: { region: string; endpoint: string; credentials: FunctionCredentials; startedAt: Date },
): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken } = aws.credentials;
  const day = aws.startedAt.toISOString().slice(0, 10).replaceAll('-', '/');
  return {
    LANG: 'en_US.UTF-8',
    PATH: '/usr/local/bin:/usr/bin:/bin:/opt/bin',
    TZ: ':UTC',
    // The SDK warns of Node versions that it will leave behind: this process's, not the function's.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    ...config.environment,
    _HANDLER: config.handler,
    AWS_DEFAULT_REGION: aws.region,
    AWS_REGION: aws.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${RUNTIME}`,
    AWS_LAMBDA_FUNCTION_NAME: config.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(config.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: logGroupOf(config.name),
    AWS_LAMBDA_LOG_STREAM_NAME: `${day}/[$LATEST]${randomBytes(16).toString('hex')}`,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
    AWS_ENDPOINT_URL: aws.endpoint,
    LAMBDA_TASK_ROOT: config.codeFolder,
  };
}
