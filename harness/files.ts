import { stat } from 'node:fs/promises';

/** Whether what was thrown says that a file or a folder is not there, which is often an answer. */
export function isNotThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Whether there is a file or a folder of this name. */
export async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isNotThere(error)) return false;
    throw error;
  }
}
