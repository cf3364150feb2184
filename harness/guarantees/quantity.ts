const factors: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** Bytes of a quantity as Kubernetes writes it: `1Gi`, `500M`, `1024`. Undefined for what is none. */
export function bytesOf(quantity: string): number | undefined {
  const [, digits, suffix] = /^(\d+(?:\.\d+)?)(\D*)$/.exec(quantity) ?? [];
  const factor = factors[suffix ?? ''];
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}
