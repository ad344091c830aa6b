import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { clientConfig } from '../../src/local-names';

/** Invokes a function asynchronously. */
export async function invokeLater(
  endpoint: string,
  FunctionName: string,
  event: object,
): Promise<void> {
  const Payload = JSON.stringify(event);
  const command = new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload });
  await new LambdaClient(clientConfig(endpoint)).send(command);
}

/** Invokes a service's function as its schedule would at that time; milliseconds since the epoch. */
export function invokeBySchedule(
  endpoint: string,
  service: string,
  name: string,
  at: number,
): Promise<void> {
  return invokeLater(endpoint, `saleslake-${service}-local-${name}`, {
    version: '0',
    source: 'aws.events',
    'detail-type': 'Scheduled Event',
    time: new Date(at).toISOString().replace(/\.\d+Z$/, 'Z'),
    detail: {},
  });
}
