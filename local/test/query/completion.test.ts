import { completionsOf } from '../../src/query/completion';

const column = (name: string) => ({ name, type: 'varchar', comment: '', partition: false });
const tables = [
  { name: 'transactions', kind: 'table' as const, comment: '', columns: [column('price')] },
  { name: 'customers', kind: 'table' as const, comment: '', columns: [column('age_group')] },
];

describe('Tab at the prompt', () => {
  it('completes a table', () => {
    expect(completionsOf('SELECT * FROM tra', tables)).toEqual([['transactions'], 'tra']);
  });

  it('completes a column of a table after its name and a dot', () => {
    expect(completionsOf('SELECT customers.a', tables)).toEqual([
      ['customers.age_group'],
      'customers.a',
    ]);
  });

  it('offers columns of the tables that the line names alone', () => {
    expect(completionsOf('SELECT price FROM customers WHERE pr', tables)[0]).toEqual([]);
    expect(completionsOf('SELECT price FROM customers WHERE age', tables)[0]).toEqual([
      'age_group',
    ]);
  });

  it('keeps the case that a keyword was begun in', () => {
    expect(completionsOf('sel', tables)).toEqual([['select'], 'sel']);
    expect(completionsOf('SEL', tables)).toEqual([['SELECT'], 'SEL']);
  });
});
