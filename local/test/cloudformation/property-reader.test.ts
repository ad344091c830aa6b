import { readProperties } from '../../src/cloudformation/property-reader';

const read = (properties: Record<string, unknown>) => readProperties('x: Q', properties);

describe('a property reader', () => {
  it('takes numbers and booleans as text, as CloudFormation does', () => {
    const reader = read({ Size: '5', On: 'false', Port: 80 });
    expect(reader.optionalNumber('Size')).toBe(5);
    expect(reader.optionalBoolean('On')).toBe(false);
    expect(reader.string('Port')).toBe('80');
  });

  it.each<[string, () => unknown, string]>([
    ['a missing one', () => read({}).string('Name'), 'x: Q has no Name'],
    [
      'a text that is a list',
      () => read({ Name: [] }).string('Name'),
      'x: Q has Name: []; expected a string',
    ],
    [
      'a number that is a word',
      () => read({ Size: 'big' }).optionalNumber('Size'),
      'x: Q has Size: "big"; expected a number',
    ],
    [
      'a boolean that is a word',
      () => read({ On: 'yes' }).optionalBoolean('On'),
      'x: Q has On: "yes"; expected true or false',
    ],
    [
      'one within a list of objects',
      () =>
        read({ Targets: [{}, {}] })
          .objects('Targets')[1]
          ?.string('Id'),
      'x: Q has no Targets[1].Id',
    ],
  ])('names %s', (_, reading, message) => {
    expect(reading).toThrow(message);
  });

  it('refuses a property that nobody asked for', () => {
    const reader = read({ Name: 'q', FifoQueue: true });
    reader.string('Name');
    expect(() => reader.finish()).toThrow(
      'x: Q has the property FifoQueue, which the local AWS does not emulate',
    );
  });

  it('refuses it within an object too, by its path', () => {
    const reader = read({ Outer: { Inner: { Odd: 1 } } });
    reader.object('Outer').object('Inner');
    expect(() => reader.finish()).toThrow('the property Outer.Inner.Odd,');
  });

  it('lets those pass that are known to have no effect', () => {
    const reader = read({ Tags: [] });
    reader.withoutEffect('Tags', 'KmsKeyId');
    expect(() => reader.finish()).not.toThrow();
  });
});
