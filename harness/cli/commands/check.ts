import { check } from '../check.ts';
import type { Desk } from '../desk.ts';

export async function checkCommand({ screen, interruption }: Desk): Promise<number> {
  const { failed } = await check(interruption.signal, (line) => screen.print(line));
  return failed === 0 ? 0 : 1;
}
