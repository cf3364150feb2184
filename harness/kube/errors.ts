import { RunError } from '../errors.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * What can be said of a request that did not succeed. `transient`: nothing happened, asking again may help. `final`: nothing happened, asking
 * again says the same. `indeterminate`: a write that may have happened.
 */
export type Classification = 'transient' | 'final' | 'indeterminate';

/** The one place that decides what a failed request means. What is not known to be harmless is `indeterminate`. */
export function classify(error: unknown): Classification {
  if (error instanceof ApiError) return classifyAnswer(error);
  if (error instanceof ConnectionError) return classifySilence(error);
  return 'indeterminate';
}

function classifyAnswer(error: ApiError): Classification {
  // Both are said before the request was looked at.
  if (error.code === 429 || (error.code === 503 && error.retryAfterSeconds !== undefined)) return 'transient';
  if (error.code < 500) return 'final';
  // The storage may have taken a write although the server could not see it through.
  return error.method === 'GET' ? 'transient' : 'indeterminate';
}

function classifySilence(error: ConnectionError): Classification {
  if (error.wasSent && error.method !== 'GET') return 'indeterminate';
  return hopelessCodes.test(error.code) ? 'final' : 'transient';
}

/** An unknown host, a certificate that does not fit, credentials that cannot be had. */
const hopelessCodes =
  /^(ENOTFOUND|ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_INVALID_|CREDENTIALS$)/;

/** Resolves with `undefined` where the server says that there is no such object. */
export async function orAbsent<Result>(asked: Promise<Result>): Promise<Result | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return undefined;
    throw error;
  }
}

export interface ErrorDetails {
  readonly name?: string;
  readonly kind?: string;
  readonly retryAfterSeconds?: number;
  readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[];
}

/** The API server answered with 400 or above. `message` is its own. */
export class ApiError extends RunError {
  readonly method: Method;
  readonly code: number;
  /** `NotFound`, `AlreadyExists`, `Conflict`, `Invalid` …; empty when the answer was not a Kubernetes Status. */
  readonly reason: string;
  readonly details: ErrorDetails;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    method: Method,
    path: string,
    answer: { readonly code: number; readonly body: unknown; readonly retryAfterSeconds?: number | undefined },
  ) {
    const status = asStatus(answer.body);
    super(status.message ?? `${method} ${path} was answered with ${answer.code}${quoted(answer.body)}`);
    this.method = method;
    this.code = answer.code;
    this.reason = status.reason ?? '';
    this.details = status.details ?? {};
    this.retryAfterSeconds = answer.retryAfterSeconds ?? status.details?.retryAfterSeconds;
  }
}

/** There was no answer, or not a whole one. `wasSent`: the connection stood, so the server may have got the request. */
export class ConnectionError extends RunError {
  readonly method: Method;
  readonly wasSent: boolean;
  /** `ECONNREFUSED`, `ECONNRESET`, `DEADLINE`, `ABORTED`, `CREDENTIALS` … */
  readonly code: string;
  /** The connection had been used before: the server may have closed it before it saw anything of the request. */
  readonly wasReused: boolean;

  constructor(
    message: string,
    facts: { method: Method; wasSent: boolean; code: string; wasReused?: boolean; cause?: unknown },
  ) {
    super(message, { cause: facts.cause });
    this.method = facts.method;
    this.wasSent = facts.wasSent;
    this.code = facts.code;
    this.wasReused = facts.wasReused ?? false;
  }
}

/** The answer to a failed request, and the object of an ERROR event. */
export interface Status {
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: ErrorDetails;
}

/** Takes of a body what a Kubernetes Status would say; nothing of anything else. */
export function asStatus(body: unknown): Status {
  return typeof body === 'object' && body !== null && 'kind' in body && body.kind === 'Status' ? (body as Status) : {};
}

function quoted(body: unknown): string {
  return typeof body === 'string' && body.trim() !== '' ? `: ${body.trim().slice(0, 200)}` : '';
}
