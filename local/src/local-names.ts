/** The account and region that the local AWS is. */
export const LOCAL_ACCOUNT = '000000000000';
export const LOCAL_REGION = 'us-east-1';
/** The stage of serverless.yml that is the laptop's. */
export const LOCAL_STAGE = 'local';

/** The buckets of a stage, the laptop's by default: the naming convention of services/common.yml. */
export function bucketNames(
  stage = LOCAL_STAGE,
  account = LOCAL_ACCOUNT,
): Record<'raw' | 'curated' | 'results', string> {
  const name = (zone: string): string => `saleslake-${stage}-${zone}-${account}`;
  return { raw: name('raw'), curated: name('curated'), results: name('results') };
}

export const DEFAULT_PORT = 4566;

/** Any credentials will do: the local AWS lets people do everything. */
export const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/** What every SDK client of a local AWS is made with. */
export function clientConfig(endpoint: string) {
  return { endpoint, region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS };
}

/** The endpoint of the local AWS that runs on this machine, or undefined where none does. */
export async function runningEndpoint(port = DEFAULT_PORT): Promise<string | undefined> {
  const endpoint = process.env['AWS_ENDPOINT_URL'] ?? `http://127.0.0.1:${port}`;
  try {
    const response = await fetch(`${endpoint}/_saleslake/health`);
    return response.ok ? endpoint : undefined;
  } catch {
    return undefined;
  }
}
