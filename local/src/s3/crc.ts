import { crc32 } from 'node:zlib';

/** A running cyclic redundancy check. `digest` gives its bytes, big-endian, as S3 encodes them. */
export interface RunningCrc {
  update(bytes: Uint8Array): void;
  digest(): Buffer;
}

/** CRC-32 as in zip. */
export function startCrc32(): RunningCrc {
  let crc = 0;
  return {
    update(bytes) {
      crc = crc32(bytes, crc);
    },
    digest: () => bytesOf(crc),
  };
}

// Reflected polynomials of CRC-32C (RFC 3720 B.4) and of CRC-64/NVME (NVM Express base
// specification, 64b CRC).
const CASTAGNOLI = 0x82f63b78;
const NVME = 0x9a6c9329ac4bc9b5n;

const crc32cTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ CASTAGNOLI : crc >>> 1;
  return crc;
});

const crc64Table = BigUint64Array.from({ length: 256 }, (_, byte) => {
  let crc = BigInt(byte);
  for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ NVME : crc >> 1n;
  return crc;
});
// BigInt arithmetic a byte would be a hundred times slower than two halves.
const crc64High = Uint32Array.from(crc64Table, (value) => Number(value >> 32n));
const crc64Low = Uint32Array.from(crc64Table, (value) => Number(value & 0xffffffffn));

/** CRC-32C (Castagnoli). */
export function startCrc32c(): RunningCrc {
  let crc = 0xffffffff;
  return {
    update(bytes) {
      for (let i = 0; i < bytes.length; i++) {
        crc = (crc >>> 8) ^ (crc32cTable[(crc ^ (bytes[i] as number)) & 0xff] as number);
      }
    },
    digest: () => bytesOf(~crc >>> 0),
  };
}

/** CRC-64/NVME. */
export function startCrc64Nvme(): RunningCrc {
  let high = 0xffffffff;
  let low = 0xffffffff;
  return {
    update(bytes) {
      for (let i = 0; i < bytes.length; i++) {
        const index = (low ^ (bytes[i] as number)) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ (crc64Low[index] as number);
        high = (high >>> 8) ^ (crc64High[index] as number);
      }
    },
    digest: () => Buffer.concat([bytesOf(~high >>> 0), bytesOf(~low >>> 0)]),
  };
}

function bytesOf(crc: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc >>> 0);
  return bytes;
}
