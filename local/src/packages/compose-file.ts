import { load } from 'js-yaml';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject } from '@saleslake/shared/runtime/json-object';

export interface ComposedService {
  name: string;
  /** From the project's root, with slashes: `services/lake`. */
  path: string;
}

const FILE = 'serverless-compose.yml';

/**
 * The services of serverless-compose.yml, each after those it depends on.
 * Throws where the file has another form, names a service that is not there, or goes in a circle.
 */
export function readComposeFile(projectRoot: string): ComposedService[] {
  const document = load(readFileSync(join(projectRoot, FILE), 'utf8'));
  const declared = isJsonObject(document) ? document.services : undefined;
  if (!isJsonObject(declared)) throw new Error(`${FILE} has no services.`);

  const ordered: ComposedService[] = [];
  const visit = (name: string, path: string[]): void => {
    if (ordered.some((service) => service.name === name)) return;
    if (path.includes(name)) {
      throw new Error(`${FILE}: services depend in a circle: ${[...path, name].join(' → ')}.`);
    }
    const service = Object.hasOwn(declared, name) ? declared[name] : undefined;
    if (!isJsonObject(service) || typeof service.path !== 'string') {
      const by = path.length > 0 ? `, on which ${path.at(-1)} depends,` : '';
      throw new Error(`${FILE}: service ${name}${by} has no path.`);
    }
    for (const other of dependencies(name, service.dependsOn)) visit(other, [...path, name]);
    ordered.push({ name, path: service.path });
  };
  for (const name of Object.keys(declared)) visit(name, []);
  return ordered;
}

function dependencies(name: string, value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return list.map((item) => {
    if (typeof item === 'string') return item;
    throw new Error(`${FILE}: dependsOn of ${name} is ${JSON.stringify(item)}, no service.`);
  });
}
