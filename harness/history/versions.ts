/** A resourceVersion as the API defines it since it may be compared: a decimal integer without leading zeros. */
export function isVersion(value: unknown): value is string {
  return typeof value === 'string' && /^(0|[1-9]\d*)$/.test(value);
}

/** Negative if `a` is the older, 0 if they are equal. Counts within one resource, and between two that are known to share a counter. Exact for any length. */
export function compareVersions(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a === b ? 0 : a < b ? -1 : 1;
}
