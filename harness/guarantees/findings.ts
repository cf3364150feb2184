import type { Entry } from '../history/entries.ts';
import type { Breach, Findings } from './guarantee.ts';

/** Examines each item; `check` returns why and where the promise does not hold for it, or nothing. */
export function each<Item>(
  items: readonly Item[],
  of: string,
  check: (item: Item, position: number) => Breach | undefined,
): Findings {
  const breaches = items.map(check).filter((found) => found !== undefined);
  return { status: 'examined', examined: { count: items.length, of }, breaches };
}

/** One place where the promise does not hold. */
export function breach(because: string, first: Entry, ...rest: readonly Entry[]): Breach {
  return { because, entries: [first, ...rest] };
}

/** The history cannot tell, for a reason of the guarantee's own. */
export function undecided(because: string): Findings {
  return { status: 'undecided', because };
}

/** Several examinations that must all hold. One that is undecided, or examined nothing, leaves the whole undecided unless another is broken. */
export function together(...parts: readonly [Findings, ...Findings[]]): Findings {
  const breaches = parts.flatMap((part) => (part.status === 'examined' ? part.breaches : []));
  const open = parts.find((part) => part.status === 'undecided');
  if (open !== undefined && breaches.length === 0) return open;
  const examined = parts.filter((part) => part.status === 'examined');
  const empty = examined.find((part) => part.examined.count === 0);
  if (empty !== undefined && breaches.length === 0)
    return undecided(`there was nothing to examine: no ${empty.examined.of}`);
  const count = examined.reduce((sum, part) => sum + part.examined.count, 0);
  return {
    status: 'examined',
    examined: { count, of: [...new Set(examined.map((part) => part.examined.of))].join(' and ') },
    breaches,
  };
}
