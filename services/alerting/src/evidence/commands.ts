// The command lines that an alert names. They all take `--stage`, also on a laptop, where `local`
// is the default: who reads an alert need not know where it came from.

/** `saleslake …`, for the stage. */
export function saleslake(stage: string, words: string): string {
  return `saleslake ${words} --stage ${stage}`;
}

/** What a function wrote to its log since a moment; on a laptop logs are files. */
export function logsOf(stage: string, functionName: string, since: number): string {
  if (stage === 'local') return `tail -n 50 .saleslake/logs/${functionName}.log`;
  const start = `${new Date(since).toISOString().slice(0, 19)}Z`;
  return `aws logs tail /aws/lambda/${functionName} --since ${start} --filter-pattern ERROR`;
}

/** Where to see how the whole is doing. */
export function overview(stage: string): string {
  return stage === 'local' ? 'saleslake status' : `the dashboard saleslake-${stage} in CloudWatch`;
}

/** The day of a moment, YYYY-MM-DD in UTC. */
export function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
