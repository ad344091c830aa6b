/**
 * The local AWS on the project's services in a process of its own, its clock fast, under faults.
 * Sends its endpoint to its parent once it listens; asked to `settle`, it has delivery streams
 * deliver, and says so when nothing is left to do.
 * Arguments: the state folder, a file with the packaged services, the moment at which the clock was
 * right, how many times as fast it runs, and a plan as JSON.
 */
import { readFileSync } from 'node:fs';
import { fastClock } from '../../src/core/clock';
import type { FaultPlan } from '../../src/faults/faults';
import { startLocalAws } from '../../src/local-aws';
import type { PackagedService } from '../../src/packages/package-services';

async function main(parameters: string[]): Promise<void> {
  const [stateDir = '', services = '', rightAt = '', speed = '', plan = ''] = parameters;
  // Time goes on from process to process.
  const now = Number(rightAt) + (Date.now() - Number(rightAt)) * Number(speed);
  const aws = await startLocalAws({
    stateDir,
    port: 0,
    clock: fastClock(now, Number(speed)),
    scheduleClock: { now: () => Date.now(), schedule: () => () => {} },
    tell: () => {},
    services: JSON.parse(readFileSync(services, 'utf8')) as PackagedService[],
    faults: JSON.parse(plan) as FaultPlan,
  });
  process.on('message', (message) => {
    if (message !== 'settle') return;
    void (async () => {
      await aws.settled();
      await aws.firehose.flush();
      await aws.settled();
      process.send?.('settled');
    })();
  });
  process.send?.(aws.endpoint);
}

void main(process.argv.slice(2));
