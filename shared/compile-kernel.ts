import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** https://www.assemblyscript.org/compiler.html#compiler-options */
const OPTIONS = [
  ...['-O3', '--converge', '--noAssert'],
  ...['--enable', 'simd', '--enable', 'bulk-memory'],
  // The decoder gives the memory and lays it out, behind the kernel's constants: none is managed.
  ...['--runtime', 'stub', '--importMemory', '--memoryBase', '1024'],
  // What throws is a trap, for which no host has to import abort().
  ...['--use', 'abort='],
  // "Exchange of 'v128' values": between the kernel's own files, and to none of JavaScript's.
  ...['--disableWarning', '112'],
];

/**
 * Compiles shared/kernel to WebAssembly.
 * @returns the module's bytes, which are the same in any checkout.
 * @throws Error with what the compiler says where the sources are wrong.
 */
export function compileKernel(): Buffer {
  // A process, as the compiler is an ES module alone. Where no file is named it writes to stdout.
  const compiler = require.resolve('assemblyscript/bin/asc.js');
  const args = [compiler, 'shared/kernel/index.ts', ...OPTIONS, '--outFile'];
  // What it compiles is named from the root of the checkout, wherever that is.
  return execFileSync(process.execPath, args, { cwd: join(__dirname, '..') });
}
