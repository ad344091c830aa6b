import { SaleslakeError } from '@saleslake/shared/runtime/errors';
import { INTERNAL_PREFIX } from '../composition/internal-api';
import { runningEndpoint } from '../local-names';
import { step } from './terminal';

/**
 * `saleslake flush`: the running local AWS's delivery streams deliver what they buffer.
 * @throws SaleslakeError where none runs.
 */
export async function flush(): Promise<void> {
  const endpoint = await runningEndpoint();
  if (endpoint === undefined) {
    throw new SaleslakeError('NotRunning', 'No local AWS is running: npm start.');
  }
  const flushing = step('Deliver what is buffered');
  const response = await fetch(`${endpoint}${INTERNAL_PREFIX}firehose/flush`, { method: 'POST' });
  if (!response.ok) throw new SaleslakeError('FlushFailed', await response.text());
  flushing.done('delivered');
}
