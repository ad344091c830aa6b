import { choiceEnv, integerEnv, requiredEnv } from '@saleslake/shared/runtime/env';

describe('the environment', () => {
  it('is trimmed', () => {
    expect(requiredEnv('BUCKET', { BUCKET: ' raw ' })).toBe('raw');
  });

  it.each([{}, { BUCKET: '  ' }])('must have what is required: %j', (environment) => {
    expect(() => requiredEnv('BUCKET', environment)).toThrow(
      'The environment variable BUCKET is not set.',
    );
  });

  it.each(['1.5', 'many', '0', '11', '1e1'])(
    'refuses %s as a whole number from 1 to 10',
    (COUNT) => {
      expect(() => integerEnv('COUNT', { minimum: 1, maximum: 10 }, { COUNT })).toThrow(
        `The environment variable COUNT is "${COUNT}"; expected a whole number from 1 to 10.`,
      );
    },
  );

  it('gives whole numbers within their bounds', () => {
    expect(integerEnv('COUNT', { minimum: 1, maximum: 10 }, { COUNT: '10' })).toBe(10);
  });

  it('names the choices where the value is none of them', () => {
    expect(() => choiceEnv('WRITER', ['fast', 'arrow'], { WRITER: 'slow' })).toThrow(
      'The environment variable WRITER is "slow"; expected one of fast, arrow.',
    );
  });
});
