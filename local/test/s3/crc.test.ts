import { startCrc32, startCrc32c, startCrc64Nvme } from '../../src/s3/crc';

// The check values of the catalogue of parametrised CRC algorithms: the CRC of `123456789`.
describe.each([
  ['CRC-32', startCrc32, 'cbf43926'],
  ['CRC-32C', startCrc32c, 'e3069283'],
  ['CRC-64/NVME', startCrc64Nvme, 'ae8b14860a799888'],
])('%s', (_name, start, expected) => {
  it('has its published check value', () => {
    const crc = start();
    crc.update(Buffer.from('123456789'));
    expect(crc.digest().toString('hex')).toBe(expected);
  });

  it('does not depend on how the bytes are cut', () => {
    const crc = start();
    for (const piece of ['1', '', '2345', '6789']) crc.update(Buffer.from(piece));
    expect(crc.digest().toString('hex')).toBe(expected);
  });
});
