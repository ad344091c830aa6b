/**
 * `npm run verify:athena -- --stage <stage>`: holds the Athena of a deployed stage, in the account
 * and region of the environment, against the goldens of sql/test. What it makes for that is a
 * database a lake of fixtures and objects below the workgroup's results; it removes both. With
 * AWS_ENDPOINT_URL it talks to the local AWS. Ends with 1 where anything differs.
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { AthenaClient, GetWorkGroupCommand } from '@aws-sdk/client-athena';
import { createS3Client } from '@saleslake/shared/runtime/clients';
import { verifyAthena } from './verify-athena';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { stage: { type: 'string' } } });
  if (!values.stage) throw new Error('Expected --stage and the name of a deployed stage.');
  const workgroup = `saleslake-${values.stage}`;
  const athena = new AthenaClient();
  const { WorkGroup } = await athena.send(new GetWorkGroupCommand({ WorkGroup: workgroup }));
  const results = WorkGroup?.Configuration?.ResultConfiguration?.OutputLocation;
  if (!results) throw new Error(`The workgroup ${workgroup} has no output location.`);
  const verdicts = await verifyAthena({
    target: { athena, s3: createS3Client(), workgroup, database: `saleslake_${values.stage}` },
    location: `${results.replace(/\/?$/, '/')}verify/`,
    id: randomBytes(4).toString('hex'),
    tell: ({ golden, problem }) =>
      console.log(
        `${problem === undefined ? 'same  ' : 'DIFFERS'} ${golden}  ${problem ?? ''}`.trimEnd(),
      ),
  });
  const differing = verdicts.filter(({ problem }) => problem !== undefined).length;
  console.log(`${verdicts.length - differing} of ${verdicts.length} as expected`);
  if (differing > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 1;
});
