/**
 * Compiles a path such as `$.dynamodb.Keys.orderId.S` or `$.list[0]` to what reads it; undefined
 * where it is no path of the kind that pipes read. What an event has not is undefined.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-target.html#pipes-dynamic-path-parameters
 */
export function compileJsonPath(path: string): ((event: object) => unknown) | undefined {
  if (!/^\$(\.[\w/-]+|\[\d+\])*$/.test(path)) return undefined;
  const steps = [...path.matchAll(/\.([\w/-]+)|\[(\d+)\]/g)].map(
    ([, name, index]) => name ?? index ?? '',
  );
  return (event) =>
    steps.reduce<unknown>(
      (node, step) =>
        typeof node === 'object' && node !== null && Object.hasOwn(node, step)
          ? (node as Record<string, unknown>)[step]
          : undefined,
      event,
    );
}
