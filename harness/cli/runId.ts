import { randomInt } from 'node:crypto';

/**
 * A new run's name: when it began (UTC, to the minute) and four characters by chance, `20261121-0532-x7k2`. It sorts by time and may stand in a
 * namespace's name, a label and a path.
 */
export function newRunId(now: Date = new Date()): string {
  const [date = '', time = ''] = now.toISOString().split('T');
  const chance = Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('');
  return `${date.replaceAll('-', '')}-${time.slice(0, 5).replace(':', '')}-${chance}`;
}

export function isRunId(text: string): boolean {
  return /^\d{8}-\d{4}-[a-z0-9]{4}$/.test(text);
}

/** Without the ones that are mistaken for others when read aloud or copied by hand. */
const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
