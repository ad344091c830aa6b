import { putUint32, type ByteBuffer } from './byte-buffer';

/** `PAR1`, at both ends of a file. */
export function putMagic(out: ByteBuffer): void {
  putUint32(out, 0x31524150);
}
