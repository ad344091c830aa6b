import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readComposeFile } from '../../src/packages/compose-file';
import { freshStateDir } from '../support/state-dir';

let root: string;

beforeEach(() => {
  root = freshStateDir();
});

afterEach(() => rmSync(root, { recursive: true }));

function read(text: string) {
  writeFileSync(join(root, 'serverless-compose.yml'), text);
  return readComposeFile(root);
}

describe('serverless-compose.yml', () => {
  it('gives services after those they depend on', () => {
    const services = read(`
services:
  alerting: { path: services/alerting, dependsOn: [transformer, lake] }
  transformer: { path: services/transformer, dependsOn: lake }
  lake: { path: services/lake }
`);
    expect(services).toEqual([
      { name: 'lake', path: 'services/lake' },
      { name: 'transformer', path: 'services/transformer' },
      { name: 'alerting', path: 'services/alerting' },
    ]);
  });

  it.each<[string, string, RegExp]>([
    ['no services', 'name: x', /serverless-compose\.yml has no services/],
    ['a service without a path', 'services: { lake: {} }', /service lake has no path/],
    [
      'a dependency that is not there',
      'services: { a: { path: a, dependsOn: b } }',
      /service b, on which a depends, has no path/,
    ],
    [
      'a circle',
      'services: { a: { path: a, dependsOn: b }, b: { path: b, dependsOn: a } }',
      /in a circle: a → b → a/,
    ],
  ])('is refused with %s', (_, text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});
