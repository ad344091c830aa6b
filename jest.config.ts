import type { Config } from 'jest';

const swc: [string, object] = ['@swc/jest', { jsc: { target: 'es2023' } }];

const config: Config = {
  testEnvironment: 'node',
  testMatch: ['**/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['/\\.serverless/', '/\\.esbuild/', '/\\.saleslake/'],
  // hyparquet is an ES module alone, which Jest loads as CommonJS when it is compiled to it.
  transform: { '\\.ts$': swc, '/node_modules/hyparquet/.+\\.js$': swc },
  transformIgnorePatterns: ['/node_modules/(?!hyparquet/)'],
  globalSetup: './local/test/support/packaged-services.ts',
  testTimeout: 30_000,
};

export default config;
