/**
 * The local AWS of `startFaultyAws` in a process of its own, for faults that kill it. Writes its
 * endpoint to standard output. Arguments: the state folder, and the rules as JSON.
 */
import type { FaultRule } from '../../src/faults/faults';
import { startFaultyAws } from './faulty-aws';

async function main([stateDir = '', rules = '[]']: string[]): Promise<void> {
  const { client } = await startFaultyAws(JSON.parse(rules) as FaultRule[], { stateDir });
  process.stdout.write(`${client.endpoint}\n`);
}

void main(process.argv.slice(2));
