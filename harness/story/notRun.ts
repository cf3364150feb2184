/** Thrown by a story that cannot be told on this cluster. Its claims are `not-run` with this reason; nothing is wrong. */
export class NotRun extends Error {
  override readonly name = 'NotRun';
}
