import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { bucketNames, clientConfig } from '@saleslake/local/src/local-names';
import { packagedServices } from '@saleslake/local/test/support/packaged-services';
import { startProjectAws, type ProjectAws } from '@saleslake/local/test/support/project-aws';
import {
  parseQualityReport,
  passed,
  QUALITY_REPORT_KEY,
  type QualityReport,
} from '@saleslake/shared/lake/quality-report';
import { tables } from '@saleslake/shared/tables/index';
import { goldenQuality, queryFile, readGolden, SQL, writeLake } from '../../../sql/test/golden';
import dailyRun from '../events/daily-run.json';

const FUNCTION = 'saleslake-quality-local-check';

let local: ProjectAws;
let report: QualityReport;
let log: string;

/** The function as it is packaged, with the rights of its role alone, over the lake `broken`. */
beforeAll(async () => {
  local = await startProjectAws({ working: false });
  const { stateDir } = local.project;
  const curated = join(stateDir, 's3', bucketNames().curated);
  writeLake(curated, 'broken');
  const lambda = new LambdaClient(clientConfig(local.aws.endpoint));
  const answer = await lambda.send(
    new InvokeCommand({
      FunctionName: FUNCTION,
      Payload: JSON.stringify(dailyRun),
      LogType: 'Tail',
    }),
  );
  lambda.destroy();
  log = Buffer.from(answer.LogResult ?? '', 'base64').toString();
  if (answer.FunctionError) throw new Error(log);
  report = parseQualityReport(readFileSync(join(curated, QUALITY_REPORT_KEY), 'utf8'));
}, 60_000);

afterAll(() => local.close());

/** The names of the files of a folder of sql/, without their ending. */
function names(folder: string): string[] {
  return readdirSync(join(SQL, folder)).map((file) => file.replace(/\.sql$/, ''));
}

describe('the deployed function', () => {
  it('has an answer to every check of sql/quality', () => {
    expect(report.checks.map(({ name }) => name)).toEqual(names('quality').sort());
    expect(report.checks.filter((verdict) => 'error' in verdict)).toEqual([]);
  });

  it.each(goldenQuality)('counts the rows that violate %s', (path) => {
    const file = queryFile(path);
    const rows = readGolden(path.replace(/\.sql$/, '.csv'), file)
      .trimEnd()
      .split('\n')
      .slice(1);
    const { name, question } = file;
    expect(report.checks).toContainEqual({ name, question, violations: rows.length });
  });

  it('measures in its log how many checks failed', () => {
    const failed = report.checks.filter((verdict) => !passed(verdict));
    const measured = log.split('\n').filter((line) => line.includes('"_aws"'));
    expect(measured.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({
        service: 'quality',
        ChecksRun: report.checks.length,
        ChecksFailed: failed.length,
        _aws: expect.objectContaining({
          CloudWatchMetrics: [expect.objectContaining({ Namespace: 'saleslake/local' })],
        }) as object,
      }),
    ]);
  });

  it('may read of the catalog what the checks ask, and nothing else', async () => {
    const asked = new Set<string>();
    const views = new Map(names('views').map((name) => [name.replaceAll('-', '_'), name]));
    const ask = (path: string): void => {
      for (const relation of sourcesOf(queryFile(path).sql)) {
        const view = views.get(relation);
        if (view === undefined && !tables.some(({ name }) => name === relation)) continue;
        asked.add(relation);
        if (view !== undefined) ask(`views/${view}.sql`);
      }
    };
    for (const name of names('quality')) ask(`quality/${name}.sql`);
    const services = await packagedServices();
    const { template } = services.find(({ path }) => path === 'services/quality')!;
    const role = JSON.stringify(template.Resources['IamRoleLambdaExecution']);
    const allowed = [...role.matchAll(/:table\/saleslake_local\/(\w+)"/g)].map(([, name]) => name);
    expect(allowed.sort()).toEqual([...asked].sort());
  });
});

/** What follows FROM and JOIN in a statement. */
function sourcesOf(sql: string): string[] {
  return [...sql.matchAll(/\b(?:FROM|JOIN)\s+(\w+)/g)].map(([, name = '']) => name);
}
