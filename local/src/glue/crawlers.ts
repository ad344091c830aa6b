import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { GlueCrawler } from '../cloudformation/catalog';
import type { AwsContext } from '../core/aws-context';
import { AwsError } from '../core/aws-error';
import { DurableMap } from '../core/durable-map';
import { crawl, type CrawlResult, type CrawlServices } from './crawl';
import { alreadyExists, entityNotFound } from './glue-error';
import { compareText } from './page';

/** A crawler as the API has it. Times are milliseconds since the epoch. */
export interface CrawlerRecord extends GlueCrawler {
  role?: string;
  createdAt: number;
  updatedAt: number;
  fromTemplate: boolean;
}

/** https://docs.aws.amazon.com/glue/latest/webapi/API_LastCrawlInfo.html */
export interface LastCrawl extends Partial<CrawlResult> {
  status: 'SUCCEEDED' | 'CANCELLED' | 'FAILED';
  errorMessage?: string;
  startedAt: number;
  endedAt: number;
}

export interface CrawlerRun {
  state: 'READY' | 'RUNNING' | 'STOPPING';
  /** Since when it is RUNNING or STOPPING. */
  startedAt?: number;
  lastCrawl?: LastCrawl;
}

export interface Crawlers {
  list(): CrawlerRecord[];
  /** Throws EntityNotFoundException. */
  get(name: string): CrawlerRecord;
  run(name: string): CrawlerRun;
  /** Throws AlreadyExistsException. */
  create(crawler: GlueCrawler & { role?: string }): void;
  /** Throws EntityNotFoundException, CrawlerRunningException. */
  update(crawler: GlueCrawler & { role?: string }): void;
  delete(name: string): void;
  /** Returns at once. Throws CrawlerRunningException. */
  start(name: string): void;
  /** Returns at once. Throws CrawlerNotRunningException, CrawlerStoppingException. */
  stop(name: string): void;
  idle(): boolean;
  /** Ends what runs, and returns when it has. */
  close(): Promise<void>;
}

const CANCELLED = 'The crawler was stopped.';
const CUT_SHORT = 'The local AWS ended while the crawler ran.';

/** Opens the crawlers of the templates and those that `folder` keeps, none of them running. */
export function openCrawlers(
  folder: string,
  declared: readonly GlueCrawler[],
  context: AwsContext,
  services: CrawlServices,
): Crawlers {
  const { clock } = context;
  const tell: AwsContext['tell'] = (activity) => context.tell(activity);
  const stored = new DurableMap<CrawlerRecord>(join(folder, 'crawlers'));
  const runs = new DurableMap<CrawlerRun>(join(folder, 'crawler-runs'));
  const crawlers = new Map(stored.entries().map(([, crawler]) => [crawler.name, crawler]));
  const running = new Map<string, { ended: Promise<void>; controller: AbortController }>();

  const now = clock.now();
  for (const crawler of declared) {
    const times = { createdAt: now, updatedAt: now };
    crawlers.set(crawler.name, { ...crawler, ...times, fromTemplate: true });
    stored.delete(keyOf(crawler.name));
  }
  for (const [key, { state, startedAt = now }] of runs.entries()) {
    if (state === 'READY') continue;
    runs.set(key, {
      state: 'READY',
      lastCrawl: { status: 'FAILED', errorMessage: CUT_SHORT, startedAt, endedAt: now },
    });
  }

  const get = (name: string): CrawlerRecord => {
    const crawler = crawlers.get(name);
    if (!crawler) throw entityNotFound(`Crawler entry with name ${name} does not exist`);
    return crawler;
  };
  const runOf = (name: string): CrawlerRun => runs.get(keyOf(name)) ?? { state: 'READY' };
  const setRun = (name: string, run: CrawlerRun): void => runs.set(keyOf(name), run);

  const put = (crawler: CrawlerRecord): void => {
    if (!crawler.fromTemplate) stored.set(keyOf(crawler.name), crawler);
    crawlers.set(crawler.name, crawler);
  };

  const refuseRunning = (name: string): void => {
    if (runOf(name).state === 'READY') return;
    throw new AwsError('CrawlerRunningException', `Crawler with name ${name} has already started`);
  };

  async function runCrawler(crawler: GlueCrawler, signal: AbortSignal): Promise<void> {
    const { name } = crawler;
    const startedAt = runOf(name).startedAt ?? clock.now();
    const ended = (crawled: Omit<LastCrawl, 'startedAt' | 'endedAt'>): void => {
      setRun(name, {
        state: 'READY',
        lastCrawl: { ...crawled, startedAt, endedAt: clock.now() },
      });
    };
    try {
      const result = await crawl(crawler, services, signal);
      ended({ status: 'SUCCEEDED', ...result });
      const { created, updated, deleted } = result;
      const detail = `${created} tables created, ${updated} updated, ${deleted} deleted`;
      tell({ service: 'glue', what: 'crawler succeeded', subject: name, detail, level: 'info' });
    } catch (error) {
      const errorMessage = (error as Error).message;
      ended({ status: signal.aborted ? 'CANCELLED' : 'FAILED', errorMessage });
      const what = signal.aborted ? 'crawler stopped' : 'crawler failed';
      tell({ service: 'glue', what, subject: name, detail: errorMessage, level: 'warn' });
    } finally {
      running.delete(name);
    }
  }

  return {
    list: () => [...crawlers.values()].sort((a, b) => compareText(a.name, b.name)),
    get,
    run: runOf,

    create(crawler) {
      if (crawlers.has(crawler.name)) throw alreadyExists(`Crawler ${crawler.name}`);
      const createdAt = clock.now();
      put({ ...crawler, createdAt, updatedAt: createdAt, fromTemplate: false });
    },

    update(crawler) {
      const { createdAt, fromTemplate } = get(crawler.name);
      refuseRunning(crawler.name);
      put({ ...crawler, createdAt, updatedAt: clock.now(), fromTemplate });
    },

    delete(name) {
      get(name);
      refuseRunning(name);
      stored.delete(keyOf(name));
      runs.delete(keyOf(name));
      crawlers.delete(name);
    },

    start(name) {
      const crawler = get(name);
      refuseRunning(name);
      setRun(name, { ...runOf(name), state: 'RUNNING', startedAt: clock.now() });
      const controller = new AbortController();
      const ended = runCrawler(crawler, controller.signal);
      running.set(name, { ended, controller });
    },

    stop(name) {
      get(name);
      const run = runOf(name);
      if (run.state === 'READY') {
        throw new AwsError('CrawlerNotRunningException', `Crawler ${name} is not running`);
      }
      if (run.state === 'STOPPING') {
        throw new AwsError('CrawlerStoppingException', `Crawler ${name} is stopping`);
      }
      setRun(name, { ...run, state: 'STOPPING' });
      running.get(name)?.controller.abort(new Error(CANCELLED));
    },

    idle: () => running.size === 0,

    async close() {
      const all = [...running.values()];
      for (const { controller } of all) controller.abort(new Error(CUT_SHORT));
      await Promise.all(all.map(({ ended }) => ended));
    },
  };
}

/** Names are a user's text, so files are named by their hash. */
function keyOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}
