import { buildSync } from 'esbuild';
import type * as Hyparquet from 'hyparquet';

/** hyparquet, an ES module alone, in the CommonJS that Jest loads. */
function load(): typeof Hyparquet {
  const { outputFiles } = buildSync({
    entryPoints: [require.resolve('hyparquet')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
    absWorkingDir: __dirname,
  });
  const module = { exports: {} };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
  new Function('module', 'require', outputFiles[0]!.text)(module, require);
  return module.exports as typeof Hyparquet;
}

export const hyparquet = load();
