import { buildSync } from 'esbuild';
import type * as Hyparquet from 'hyparquet';
import type * as Delta from 'hyparquet/src/delta.js';
import type * as Indexes from 'hyparquet/src/indexes.js';
import type * as Snappy from 'hyparquet/src/snappy.js';

/** hyparquet, with some of its parts; an ES module alone, in the CommonJS that Jest loads. */
function load(): typeof Hyparquet & typeof Delta & typeof Indexes & typeof Snappy {
  const parts = [
    'hyparquet',
    ...['delta', 'indexes', 'snappy'].map((name) => `hyparquet/src/${name}.js`),
  ];
  const { outputFiles } = buildSync({
    stdin: {
      contents: parts.map((part) => `export * from '${part}';`).join(''),
      resolveDir: __dirname,
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
  });
  const module = { exports: {} };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
  new Function('module', 'require', outputFiles[0]!.text)(module, require);
  return module.exports as ReturnType<typeof load>;
}

export const hyparquet = load();
