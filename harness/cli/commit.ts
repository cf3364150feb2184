import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The checkout's commit, with `-dirty` when files differ from it; `unknown` outside a checkout or before the first commit. */
export async function commitOf(folder: string): Promise<string> {
  const args = ['-C', folder, 'describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'];
  try {
    return (await promisify(execFile)('git', args)).stdout.trim();
  } catch {
    return 'unknown'; // No git, no repository or no commit: all the same to a reader of the report.
  }
}
