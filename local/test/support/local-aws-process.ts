/**
 * The local AWS on the project's services in a process of its own, for tests that kill it. Writes
 * its endpoint to standard output once it listens. Arguments: the state folder.
 */
import { realClock } from '../../src/core/clock';
import { startLocalAws } from '../../src/local-aws';
import { packagedServices } from './packaged-services';

async function main([stateDir = '']: string[]): Promise<void> {
  const aws = await startLocalAws({
    stateDir,
    port: 0,
    clock: realClock,
    tell: () => {},
    services: await packagedServices(),
  });
  process.stdout.write(`${aws.endpoint}\n`);
}

void main(process.argv.slice(2));
