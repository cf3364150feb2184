import type { Manifest } from '../history/objects.ts';
import { breach, each, undecided } from './findings.ts';
import { unlessBroken } from './forbidden.ts';
import { guarantee, type Breach, type Guarantee } from './guarantee.ts';

/** One field that the second file has and the first one lacks. */
export interface AddedField {
  /** Kind and name of the object: `StatefulSet web`. */
  readonly object: string;
  /** `spec.podManagementPolicy` */
  readonly path: string;
  readonly value: string | number | boolean;
}

/**
 * "This manifest is identical to the one you downloaded above except that the .spec.podManagementPolicy … is set to Parallel."
 *
 * Verified: parsed, the two files hold the same objects in the same order, equal in every field at every depth, except that the second one has exactly this field more, with this
 * value.
 * Not verified: comments, quotes and layout; that the files are the tutorial's own.
 */
export function manifestsDifferOnlyBy(file: string, otherFile: string, added: AddedField): Guarantee {
  return guarantee('manifestsDifferOnlyBy', [], {}, (window) => {
    const reads = window.observations('manifest');
    const one = reads.findLast((read) => read.file === file);
    const other = reads.findLast((read) => read.file === otherFile);
    if (one === undefined || other === undefined)
      return undecided(`${one === undefined ? file : otherFile} was not read`);
    const expected = `${added.path} added: ${JSON.stringify(added.value)}`;
    const isNamed = one.objects.some((object) => nameOf(object) === added.object);
    const count = Math.max(one.objects.length, other.objects.length);
    const unlike = (position: number): Breach | undefined => {
      const [object, counterpart] = [one.objects[position], other.objects[position]];
      const differences = differencesBetween(object, counterpart, '');
      const isVaried = object !== undefined && nameOf(object) === added.object;
      const surplus = differences.find((difference) => !isVaried || difference !== expected);
      if (surplus !== undefined) return breach(`${nameOf(object ?? counterpart)}: ${surplus}`, one, other);
      return isVaried && differences.length === 0 ? breach(`${added.object}: not ${expected}`, one, other) : undefined;
    };
    return unlessBroken(
      isNamed ? [] : [breach(`${file} holds no ${added.object}`, one)],
      each(
        Array.from({ length: count }).map((_, position) => position),
        'objects compared field by field',
        unlike,
      ),
    );
  });
}

/** Every field in which two parsed values differ, each told in a line that begins with its path. */
function differencesBetween(one: unknown, other: unknown, path: string): readonly string[] {
  if (isBranch(one) && isBranch(other) && Array.isArray(one) === Array.isArray(other)) {
    const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
    return keys.flatMap((key) => differencesBetween(one[key], other[key], path === '' ? key : `${path}.${key}`));
  }
  if (one === other) return [];
  if (one === undefined) return [`${path} added: ${JSON.stringify(other)}`];
  if (other === undefined) return [`${path} left out: ${JSON.stringify(one)}`];
  return [`${path} changed from ${JSON.stringify(one)} to ${JSON.stringify(other)}`];
}

function isBranch(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function nameOf(object: Manifest | undefined): string {
  return `${object?.kind} ${object?.metadata.name}`;
}
