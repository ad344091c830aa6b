import { spawn } from 'node:child_process';
import { join } from 'node:path';

/**
 * Runs the project's own `sls package` for a service, into `outputFolder`. It needs neither
 * credentials nor a network. Throws with all that it printed where it fails.
 */
export async function runSlsPackage(options: {
  projectRoot: string;
  servicePath: string;
  stage: string;
  outputFolder: string;
  /** Where sls keeps its compiled configuration schema, which takes it two seconds to make. */
  schemaFolder: string;
}): Promise<void> {
  const { projectRoot, servicePath, stage, outputFolder, schemaFolder } = options;
  // Without npx and its shell in between, which take longer to start than they are worth.
  const sls = join(projectRoot, 'node_modules', 'serverless', 'bin', 'serverless.js');
  const child = spawn(
    process.execPath,
    [sls, 'package', '--stage', stage, '--package', outputFolder],
    {
      cwd: join(projectRoot, servicePath),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...withoutAwsSettings(process.env), SLS_SCHEMA_CACHE_BASE_DIR: schemaFolder },
    },
  );
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  }
  const code = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve(exitCode ?? signal));
  });
  if (code !== 0) {
    throw new Error(`${servicePath}: sls package failed (${code}):\n${printed.trim()}`);
  }
}

// What a person has set for AWS must neither reach the templates, which would then depend on it,
// nor make sls look for a profile.
function withoutAwsSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith('AWS_')),
  );
}
