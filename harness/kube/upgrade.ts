import { messageOf } from '../errors.ts';
import { ApiError, ConnectionError } from './errors.ts';

/** What a web socket that could not be opened means. `asked` names what it was for; the library says of a refusal only the HTTP code, in words. */
export function upgradeRefused(server: string, asked: string, path: string, error: unknown): Error {
  const message = messageIn(error);
  const code = /Unexpected server response: (\d+)/.exec(message)?.[1];
  if (code === undefined)
    return new ConnectionError(`${asked}: no connection to ${server}: ${message}`, {
      method: 'POST',
      wasSent: false,
      code: 'UPGRADE',
      cause: error,
    });
  const why = {
    '404': 'there is no such Pod',
    '403': 'this user may not',
    '400': 'no such container, or it is not running',
  }[code];
  const body = { kind: 'Status', message: `${asked}: refused with ${code}${why === undefined ? '' : `: ${why}`}` };
  return new ApiError('POST', path, { code: Number(code), body });
}

/** Errors of a web socket come wrapped in an event. */
function messageIn(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  return messageOf(error);
}
