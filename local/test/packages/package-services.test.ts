import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { packageServices } from '../../src/packages/package-services';
import { freshStateDir } from '../support/state-dir';

const NODE_MODULES = resolve(__dirname, '../../../node_modules');

let root: string;
let cache: string;
let progress: string[];

beforeEach(() => {
  root = freshStateDir();
  cache = join(root, 'cache');
  progress = [];
  symlinkSync(NODE_MODULES, join(root, 'node_modules'));
  write('package.json', '{"name":"packages-test","private":true}');
  write('serverless-compose.yml', 'services: { shop: { path: services/shop } }');
  write('services/shop/handler.js', 'exports.handler = async () => "sold";');
  write('services/shop/serverless.yml', serverlessYml('handler.handler'));
});

afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

const serverlessYml = (handler: string): string => `
service: shop
configValidationMode: error
provider: { name: aws, runtime: nodejs24.x, region: us-east-1 }
functions: { sell: { handler: ${handler} } }
`;

const run = () => packageServices(root, cache, 'local', (message) => progress.push(message));

// sls takes seconds to run, on a busy machine more: what can be asked of one package is asked of one.
const TIMEOUT_MS = 180_000;

describe('packageServices', () => {
  it(
    'packages a service with sls, and anew only where its content has changed',
    async () => {
      const [service] = await run();
      expect(service).toMatchObject({
        name: 'shop',
        path: 'services/shop',
        stackName: 'shop-local',
      });
      expect(service?.template.Resources).toHaveProperty('SellLambdaFunction');
      expect(readdirSync(service?.folder ?? '')).toContain('shop.zip');
      expect(progress[0]).toBe('shop: sls package');

      progress = [];
      expect(await run()).toEqual([service]);
      expect(progress).toEqual([]);

      write('services/shop/serverless.yml', serverlessYml('other.handler') + 'nonsense: 1\n');
      await expect(run()).rejects.toThrow(/^services\/shop: sls package failed[^]*nonsense/);
      expect(readdirSync(join(cache, 'shop'))).toEqual([basename(service?.folder ?? '')]);
    },
    TIMEOUT_MS,
  );
});
