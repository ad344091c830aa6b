/** Writes the modules of both kernels: `npm run kernel`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileKernel, KERNELS } from './compile-kernel';

for (const { sources, code } of KERNELS) {
  writeFileSync(join(__dirname, '..', '..', code), compileKernel(sources));
}
