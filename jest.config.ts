import type { Config } from 'jest';

// The lock file decides the SDK's version; that later ones will want another Node is no test's news.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const swc: [string, object] = ['@swc/jest', { jsc: { target: 'es2023' } }];

const config: Config = {
  testEnvironment: 'node',
  testMatch: ['**/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['/\\.serverless/', '/\\.esbuild/', '/\\.saleslake/'],
  // hyparquet is an ES module alone, which Jest loads as CommonJS when it is compiled to it.
  transform: { '\\.ts$': swc, '/node_modules/hyparquet/.+\\.js$': swc },
  transformIgnorePatterns: ['/node_modules/(?!hyparquet/)'],
  globalSetup: './local/test/support/packaged-services.ts',
  // Jest leaves a core to itself, on which little happens: many tests wait for processes of theirs.
  maxWorkers: '100%',
  testTimeout: 120_000,
};

export default config;
