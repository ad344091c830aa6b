const { copyFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

/**
 * The function's environment chooses a Parquet writer; the other one is left out of the bundle, as
 * what is never used only makes a cold start slower.
 */
const leaveOutOtherWriter = (chosen) => ({
  name: 'leave-out-other-writer',
  setup(build) {
    build.onLoad({ filter: /shared[\\/]src[\\/]parquet[\\/]\w+-writer\.ts$/ }, ({ path }) => {
      const writer = /(\w+)-writer\.ts$/.exec(path)[1];
      if (!['fast', 'arrow'].includes(writer) || writer === chosen) return undefined;
      return { contents: `throw new Error('Packaged without the ${writer} Parquet writer');` };
    });
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
  leaveOutOtherWriter(serverless.service.functions.transform.environment.PARQUET_WRITER),
  copyParquetWasm,
];
