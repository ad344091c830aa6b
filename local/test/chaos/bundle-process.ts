import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles the process of the local AWS into a file, so that it starts within a second however often
 * it is killed. The file has to lie within the project, for what stays outside of it is looked up.
 */
export async function bundleProcess(outfile: string): Promise<void> {
  await build({
    entryPoints: [join(__dirname, 'chaos-process.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'error',
    sourcemap: 'inline',
    // Native modules, and what looks for files beside itself.
    external: ['@duckdb/*', 'esbuild', 'dynalite', 'classic-level'],
    plugins: [
      {
        name: 'folders',
        setup(bundling) {
          bundling.onLoad({ filter: /[\\/]local[\\/]src[\\/].*\.ts$/ }, ({ path }) => {
            const code = readFileSync(path, 'utf8');
            if (!code.includes('__dirname')) return undefined;
            const folder = JSON.stringify(dirname(path));
            return { contents: code.replaceAll('__dirname', folder), loader: 'ts' };
          });
        },
      },
    ],
  });
}
