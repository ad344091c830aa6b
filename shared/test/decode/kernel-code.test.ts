import { KERNEL_CODE } from '@saleslake/shared/decode/kernel-code';
import { compileKernel } from '../../compile-kernel';

describe('the kernel in use', () => {
  it('is what its source compiles to', () => {
    if (compileKernel().toString('base64') !== KERNEL_CODE) {
      throw new Error('shared/kernel has changed since kernel-code.ts was made: npm run kernel');
    }
  });
});
