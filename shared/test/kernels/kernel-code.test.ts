import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileKernel, KERNELS } from '../../kernels/compile-kernel';

describe('a kernel in use', () => {
  it.each(KERNELS)('is what $sources compiles to', ({ sources, code }) => {
    const inUse = readFileSync(join(__dirname, '../../..', code), 'utf8');
    if (compileKernel(sources) !== inUse) {
      throw new Error(`${sources} has changed since ${code} was made: npm run kernel`);
    }
  });
});
