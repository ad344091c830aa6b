const { copyFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

/**
 * The Parquet writer is chosen when the service is packaged, not when it runs: the other one is
 * dead code that esbuild leaves out of the bundle.
 */
const fixParquetWriter = (writer) => ({
  name: 'fix-parquet-writer',
  setup(build) {
    build.initialOptions.define = {
      ...build.initialOptions.define,
      'process.env.PARQUET_WRITER': JSON.stringify(writer),
    };
  },
});

/**
 * parquet-wasm reads its WebAssembly from beside the running script, which esbuild does not know:
 * the file is copied along, and only where the bundle really has parquet-wasm in it.
 */
const copyParquetWasm = {
  name: 'copy-parquet-wasm',
  setup(build) {
    let webAssembly;
    build.onLoad({ filter: /parquet-wasm[\\/]node[\\/]parquet_wasm\.js$/ }, ({ path }) => {
      webAssembly = join(dirname(path), 'parquet_wasm_bg.wasm');
      return undefined;
    });
    build.onEnd(() => {
      if (!webAssembly) return;
      copyFileSync(webAssembly, join(build.initialOptions.outdir, 'parquet_wasm_bg.wasm'));
    });
  },
};

module.exports = (serverless) => [
  fixParquetWriter(serverless.service.functions.transform.environment.PARQUET_WRITER),
  copyParquetWasm,
];
