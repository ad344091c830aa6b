import { EnvironmentError } from './errors';

type Environment = Record<string, string | undefined>;

/**
 * The trimmed value of an environment variable.
 * @throws EnvironmentError naming the variable where it is missing or blank.
 */
export function requiredEnv(name: string, environment: Environment = process.env): string {
  const value = environment[name]?.trim();
  if (!value) throw new EnvironmentError(`The environment variable ${name} is not set.`);
  return value;
}

/**
 * A whole number from an environment variable, within inclusive bounds.
 * @throws EnvironmentError naming the variable, its value and what was expected.
 */
export function integerEnv(
  name: string,
  { minimum, maximum }: { minimum: number; maximum: number },
  environment: Environment = process.env,
): number {
  const text = requiredEnv(name, environment);
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || value < minimum || value > maximum) {
    throw new EnvironmentError(
      `The environment variable ${name} is ${JSON.stringify(text)}; ` +
        `expected a whole number from ${minimum} to ${maximum}.`,
    );
  }
  return value;
}

/**
 * One of a set of words from an environment variable.
 * @throws EnvironmentError naming the variable, its value and what was expected.
 */
export function choiceEnv<T extends string>(
  name: string,
  choices: readonly T[],
  environment: Environment = process.env,
): T {
  const text = requiredEnv(name, environment);
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined) {
    throw new EnvironmentError(
      `The environment variable ${name} is ${JSON.stringify(text)}; ` +
        `expected one of ${choices.join(', ')}.`,
    );
  }
  return choice;
}
