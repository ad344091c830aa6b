import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { findProject } from '../../src/cli/project';
import { parseFaultPlan } from '../../src/faults/fault-plan';
import { compileFilterPolicy } from '../../src/sns/filter-policy';
import { packagedServices } from '../support/packaged-services';
import { anchorOf, readRunbook } from './page';

const { root } = findProject(__dirname);
const page = readRunbook();
const linesInAws = page.sections.flatMap(({ inAws }) => inAws);

let templates: string;
let alarms: string[];

beforeAll(async () => {
  const services = await packagedServices();
  templates = JSON.stringify(services.map(({ template }) => template));
  alarms = services
    .flatMap(({ template }) => Object.values(template.Resources))
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => String(Properties?.['AlarmName']).replace('saleslake-local-', ''));
});

describe('the table of alarms', () => {
  it('has every alarm of the templates, once, and no other', () => {
    expect(page.alarms.map(({ alarm }) => alarm).sort()).toEqual([...alarms].sort());
  });

  it('leads to a section that says all that there is to know', () => {
    for (const { alarm, title, anchor } of page.alarms) {
      const [section] = page.text.split(/^## /m).filter((each) => each.startsWith(`${title}\n`));
      expect({ alarm, anchor, section: section ?? 'none' }).toEqual({
        alarm,
        anchor: anchorOf(title),
        section: expect.stringMatching(
          /\*\*Means\.\*\*.*\*\*Check\.\*\*.*\*\*Mend.*\*\*By itself\*\*.*\*\*Not lost/s,
        ) as string,
      });
    }
  });
});

it('links to headings and files that there are', () => {
  const targets = [...page.text.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target);
  const headings = (markdown: string): string[] =>
    [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => anchorOf(title));
  const broken = targets.filter((target) => {
    const [file = '', heading] = target.split('#');
    const path = file === '' ? 'runbook.md' : file;
    if (!existsSync(join(root, 'docs', path))) return true;
    const text = readFileSync(join(root, 'docs', path), 'utf8');
    return heading !== undefined && !headings(text).includes(heading);
  });
  expect({ broken, some: targets.length > 10 }).toEqual({ broken: [], some: true });
});

describe('a command that needs AWS', () => {
  /** What the AWS CLI has beyond the operations of the API. */
  const CUSTOM: Record<string, string[]> = { 'logs tail': ['since'], 's3 cp': [], 's3 mv': [] };
  /** Names of the CLI that are not those of the SDK's packages. */
  const PACKAGES: Record<string, string> = {
    events: 'eventbridge',
    secretsmanager: 'secrets-manager',
  };

  /** An option of the CLI that is not called as in the API. */
  const RENAMED: Record<string, string> = { 'notification-endpoint': 'endpoint' };

  const pascalCase = (words: string): string =>
    words.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());

  /** The members of an operation's input, as the SDK's own model has them. */
  async function inputOf(service: string, operation: string): Promise<string[]> {
    const client = (await import(`@aws-sdk/client-${PACKAGES[service] ?? service}`)) as Record<
      string,
      unknown
    >;
    const operationSchema = client[`${pascalCase(operation)}$`] as unknown[] | undefined;
    const input = operationSchema?.[4];
    const schema = (typeof input === 'function' ? (input as () => unknown)() : input) as unknown[];
    return (schema?.[4] as string[] | undefined) ?? [];
  }

  it.each(linesInAws.filter((line) => line.startsWith('aws ')))(
    'has an operation and options that there are: %s',
    async (line) => {
      const [, service = '', operation = ''] = line.split(' ');
      const options = [...line.matchAll(/ --([a-z-]+)/g)].map(
        ([, option = '']) => RENAMED[option] ?? option,
      );
      const custom = CUSTOM[`${service} ${operation}`];
      if (custom !== undefined) {
        expect(custom).toEqual(expect.arrayContaining(options));
        return;
      }
      const known = (await inputOf(service, operation)).map((name) => name.toLowerCase());
      const unknown = options.filter((option) => !known.includes(option.replaceAll('-', '')));
      expect({ known: known.length > 0, unknown }).toEqual({ known: true, unknown: [] });
    },
  );

  it.each(linesInAws.filter((line) => line.includes('sls ')))(
    'deploys a service that there is: %s',
    (line) => {
      const [, service = ''] = /^npx sls ([a-z-]+):deploy --stage dev$/.exec(line) ?? [];
      const compose = load(readFileSync(join(root, 'serverless-compose.yml'), 'utf8'));
      expect((compose as { services: object }).services).toHaveProperty([service]);
    },
  );

  it('names what the templates name', () => {
    // The secret is the reader's own; a prefix is of many.
    const own = ['saleslake-dev-webhook'];
    const names = linesInAws
      .flatMap((line) => line.match(/(?:\/aws\/kinesisfirehose\/)?saleslake-[a-z0-9-]+/g) ?? [])
      .filter((name) => !own.includes(name) && !name.endsWith('-'));
    expect(names).not.toHaveLength(0);
    const missing = names.filter(
      (name) => !templates.includes(JSON.stringify(name.replace('-dev', '-local'))),
    );
    expect(missing).toEqual([]);
  });
});

it('gives parameters that alerting has', () => {
  const section = page.sections.find(({ title }) => title === 'Who is told');
  const { params } = load(section?.blocks[0]?.text ?? '') as {
    params: { dev: Record<string, string> };
  };
  const { params: known } = load(
    readFileSync(join(root, 'services/alerting/serverless.yml'), 'utf8'),
  ) as { params: { default: Record<string, unknown> } };
  expect(Object.keys(known.default)).toEqual(expect.arrayContaining(Object.keys(params.dev)));
});

describe('the filter that keeps one alarm quiet', () => {
  const line = linesInAws.find((each) => each.includes('FilterPolicy')) ?? '';
  const policy = /'(\{.*\})'/.exec(line)?.[1] ?? '{}';
  const passes = compileFilterPolicy(
    JSON.parse(policy) as Record<string, unknown>,
    'MessageAttributes',
  );
  const of = (alarm: string) => ({ alarm: { type: 'String', value: alarm } });

  it.each([
    ['keeps that alarm', false, of('saleslake-dev-transformer-quarantine')],
    ['lets another pass', true, of('saleslake-dev-transformer-dead-letters')],
    ["lets CloudWatch's own words pass", true, {}],
  ])('%s', (_, passed, attributes) => {
    expect(passes(attributes, '')).toBe(passed);
  });
});

it('has a plan of faults that can be read', () => {
  const section = page.sections.find(({ title }) => title === 'Order faults, and have them again');
  const plan = parseFaultPlan(section?.blocks[0]?.text ?? '', 'docs/runbook.md');
  expect(plan).toMatchObject({
    seed: 42,
    rules: [{ on: 's3:PutObject' }, { on: 'events:deliver' }],
  });
});
