import type { Made, Workshop } from './workshop.ts';

/** The compiler's image is shared by those who need it, and asked for once. */
export function buildTools(shop: Workshop, base: Promise<Made>): Promise<Made> {
  const known = asked.get(shop);
  if (known !== undefined) return known;
  const made = base.then((parent) =>
    shop.image({ name: 'build-tools', folder: 'build-tools', why: 'programs in C are compiled in it', parent }),
  );
  asked.set(shop, made);
  return made;
}

const asked = new WeakMap<Workshop, Promise<Made>>();
