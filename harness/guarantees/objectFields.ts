import type { ResourceName } from '../history/objects.ts';
import { nothingAtEnd } from './absence.ts';
import { breach, each } from './findings.ts';
import { guarantee, type Guarantee, type Span } from './guarantee.ts';
import { objectsNamed, thereAt } from './objects.ts';

/**
 * An object of the cluster has these values in these fields.
 *
 * Verified: at the end of the span there is an object of this name, and each field, by its path from the object (`spec.maxUnavailable`, `spec.containers.0.image`), has exactly
 * this value; `undefined` stands for a field that is not there.
 * Not verified: who set it, and what the cluster makes of it.
 */
export function theObjectSays(
  resource: ResourceName,
  name: string,
  says: Readonly<Record<string, unknown>>,
  span: Span = {},
): Guarantee {
  return guarantee('theObjectSays', [resource], span, (window) => {
    const [life] = thereAt(objectsNamed(window, resource, name), window.to);
    if (life === undefined) return nothingAtEnd(window, `there is no ${resource}/${name}`);
    return each(Object.entries(says), `fields of ${resource}/${name}`, ([path, value]) => {
      const found = valueAt(life.last.object, path);
      if (JSON.stringify(found) === JSON.stringify(value)) return undefined;
      const words = (each: unknown): string => (each === undefined ? 'not there' : JSON.stringify(each));
      return breach(`${path} of ${resource}/${name} is ${words(found)}, and ought to be ${words(value)}`, life.last);
    });
  });
}

/** The value at a path of field names and positions, joined by dots. */
export function valueAt(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((found, step) => (found as Readonly<Record<string, unknown>> | null | undefined)?.[step], value);
}
