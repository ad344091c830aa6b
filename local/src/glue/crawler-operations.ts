import {
  CRAWLER_DELETE_BEHAVIORS,
  CRAWLER_UPDATE_BEHAVIORS,
  type GlueCrawler,
} from '../cloudformation/catalog';
import type { Clock } from '../core/clock';
import type { CrawlerRecord, CrawlerRun, Crawlers } from './crawlers';
import { invalidInput } from './glue-error';
import type { Input } from './input';
import type { GlueOperation } from './operation';
import { pageOf } from './page';

const MOST_LISTED = 1000;

/** https://docs.aws.amazon.com/glue/latest/webapi/API_Crawler.html */
export function crawlerOperations(crawlers: Crawlers, clock: Clock): Record<string, GlueOperation> {
  const describe = (crawler: CrawlerRecord): object =>
    describeCrawler(crawler, crawlers.run(crawler.name), clock.now());

  /** An operation on the crawler that Name names, for callers allowed it. */
  const onCrawler =
    (action: string, run: (name: string) => object | void): GlueOperation =>
    (input, allow) => {
      const name = input.string('Name');
      allow(action, `crawler/${name}`);
      return run(name) ?? {};
    };

  return {
    CreateCrawler(input, allow) {
      const crawler = readCrawler(input);
      allow('CreateCrawler', `crawler/${crawler.name}`);
      crawlers.create(crawler);
      return {};
    },

    UpdateCrawler(input, allow) {
      const name = input.string('Name');
      allow('UpdateCrawler', `crawler/${name}`);
      crawlers.update(readCrawler(input, crawlers.get(name)));
      return {};
    },

    GetCrawler: onCrawler('GetCrawler', (name) => ({ Crawler: describe(crawlers.get(name)) })),

    GetCrawlers(input, allow) {
      allow('GetCrawlers', 'crawler/*');
      const page = pageOf(crawlers.list(), ({ name }) => name, input, MOST_LISTED, invalidInput);
      return { Crawlers: page.items.map(describe), NextToken: page.NextToken };
    },

    ListCrawlers(input, allow) {
      allow('ListCrawlers', 'crawler/*');
      const names = crawlers.list().map(({ name }) => name);
      const page = pageOf(names, (name) => name, input, MOST_LISTED, invalidInput);
      return { CrawlerNames: page.items, NextToken: page.NextToken };
    },

    GetCrawlerMetrics(input, allow) {
      allow('GetCrawlerMetrics', 'crawler/*');
      const asked = input.strings('CrawlerNameList');
      const names = crawlers
        .list()
        .map(({ name }) => name)
        .filter((name) => asked.length === 0 || asked.includes(name));
      const page = pageOf(names, (name) => name, input, MOST_LISTED, invalidInput);
      return {
        CrawlerMetricsList: page.items.map((name) => describeMetrics(name, crawlers.run(name))),
        NextToken: page.NextToken,
      };
    },

    StartCrawler: onCrawler('StartCrawler', (name) => crawlers.start(name)),
    StopCrawler: onCrawler('StopCrawler', (name) => crawlers.stop(name)),
    DeleteCrawler: onCrawler('DeleteCrawler', (name) => crawlers.delete(name)),
  };
}

/** What an UpdateCrawler leaves out stays as it is in `old`. */
function readCrawler(input: Input, old?: CrawlerRecord): GlueCrawler & { role?: string } {
  const targets = input.optionalObject('Targets');
  const other = Object.entries(targets?.others(['S3Targets']) ?? {}).find(
    ([, list]) => !Array.isArray(list) || list.length > 0,
  );
  if (other) throw invalidInput(`Targets.${other[0]}: the local AWS crawls S3 alone.`);
  const s3Targets = targets?.objects('S3Targets') ?? [];
  if (!old && s3Targets.length === 0) throw invalidInput('Targets must hold S3Targets.');
  const configuration = input.optionalString('Configuration') ?? old?.configuration;
  checkConfiguration(configuration);
  const policy = input.optionalObject('SchemaChangePolicy');
  return {
    name: input.string('Name'),
    role: input.optionalString('Role') ?? old?.role,
    databaseName: old
      ? (input.optionalString('DatabaseName') ?? old.databaseName)
      : input.string('DatabaseName'),
    s3Paths: targets ? s3Targets.map((target) => target.string('Path')) : (old?.s3Paths ?? []),
    exclusions: targets
      ? Object.fromEntries(
          s3Targets.map((target) => [target.string('Path'), target.strings('Exclusions')]),
        )
      : old?.exclusions,
    tablePrefix: input.optionalString('TablePrefix') ?? old?.tablePrefix,
    updateBehavior: policy
      ? policy.oneOf('UpdateBehavior', CRAWLER_UPDATE_BEHAVIORS)
      : old?.updateBehavior,
    deleteBehavior: policy
      ? policy.oneOf('DeleteBehavior', CRAWLER_DELETE_BEHAVIORS)
      : old?.deleteBehavior,
    schedule: input.optionalString('Schedule') ?? old?.schedule,
    description: input.optionalString('Description') ?? old?.description,
    configuration,
  };
}

function checkConfiguration(configuration: string | undefined): void {
  if (configuration === undefined) return;
  try {
    JSON.parse(configuration);
  } catch (error) {
    throw invalidInput(`Configuration is no JSON: ${(error as Error).message}.`);
  }
}

function describeCrawler(
  crawler: CrawlerRecord,
  { state, startedAt, lastCrawl }: CrawlerRun,
  now: number,
): object {
  return {
    Name: crawler.name,
    Role: crawler.role,
    Targets: {
      S3Targets: crawler.s3Paths.map((path) => ({
        Path: path,
        Exclusions: crawler.exclusions?.[path] ?? [],
      })),
    },
    DatabaseName: crawler.databaseName,
    Description: crawler.description,
    Classifiers: [],
    SchemaChangePolicy: {
      UpdateBehavior: crawler.updateBehavior ?? 'UPDATE_IN_DATABASE',
      DeleteBehavior: crawler.deleteBehavior ?? 'DEPRECATE_IN_DATABASE',
    },
    State: state,
    TablePrefix: crawler.tablePrefix,
    Schedule: crawler.schedule && {
      ScheduleExpression: crawler.schedule,
      State: 'SCHEDULED',
    },
    CrawlElapsedTime: startedAt === undefined ? 0 : now - startedAt,
    CreationTime: crawler.createdAt / 1000,
    LastUpdated: crawler.updatedAt / 1000,
    LastCrawl: lastCrawl && {
      Status: lastCrawl.status,
      ErrorMessage: lastCrawl.errorMessage,
      StartTime: lastCrawl.startedAt / 1000,
    },
    Configuration: crawler.configuration,
    Version: 1,
  };
}

function describeMetrics(name: string, { state, lastCrawl }: CrawlerRun): object {
  const seconds = lastCrawl ? (lastCrawl.endedAt - lastCrawl.startedAt) / 1000 : 0;
  return {
    CrawlerName: name,
    TimeLeftSeconds: 0,
    StillEstimating: state !== 'READY',
    LastRuntimeSeconds: seconds,
    MedianRuntimeSeconds: seconds,
    TablesCreated: lastCrawl?.created ?? 0,
    TablesUpdated: lastCrawl?.updated ?? 0,
    TablesDeleted: lastCrawl?.deleted ?? 0,
  };
}
