export interface KernelMemory {
  readonly buffer: ArrayBuffer;
  /** Replaces the buffer by a larger one: views of the old one are of no use then. */
  grow(pages: number): number;
}

// TypeScript has these among the types of browsers only.
declare const WebAssembly: {
  Memory: new (limits: { initial: number }) => KernelMemory;
  Module: new (code: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: unknown };
};

/** https://webassembly.github.io/spec/core/exec/runtime.html#page-size */
export const MEMORY_PAGE_BYTES = 1 << 16;

export function createMemory(bytes: number): KernelMemory {
  return new WebAssembly.Memory({ initial: Math.ceil(bytes / MEMORY_PAGE_BYTES) });
}

/** Compiles a module that is given as base64. */
export function compileModule(code: string): object {
  return new WebAssembly.Module(Buffer.from(code, 'base64'));
}

/** @returns what the instance exports. */
export function instantiate(module: object, imports: object): unknown {
  return new WebAssembly.Instance(module, imports).exports;
}
