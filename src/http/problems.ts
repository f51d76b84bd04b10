import type { ErrorCode, ErrorDetail } from '../domain/errors.ts';

interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** For people; from 500 up also the only detail a caller gets. */
  readonly meaning: string;
  /** Seconds after which another try makes sense. */
  readonly retryAfter?: number;
}

const conflict = (meaning: string): ProblemKind => ({ status: 409, title: 'Conflict', meaning });
const broken = (meaning: string): ProblemKind => ({
  status: 500,
  title: 'Internal Server Error',
  meaning,
});
const away = (meaning: string, retryAfter = 5): ProblemKind => ({
  status: 503,
  title: 'Service Unavailable',
  meaning,
  retryAfter,
});

/** Every refusal as HTTP says it; the README's table is tested against this one. */
export const problems: Readonly<Record<ErrorCode, ProblemKind>> = {
  'validation-failed': {
    status: 400,
    title: 'Validation Failed',
    meaning: 'The request is not well-formed; `details` names the fields.',
  },
  unauthorized: {
    status: 401,
    title: 'Unauthorized',
    meaning: 'No token, or one that is malformed, expired or badly signed.',
  },
  forbidden: {
    status: 403,
    title: 'Forbidden',
    meaning: 'The token does not give this right in this workspace, or nobody has it.',
  },
  'not-found': { status: 404, title: 'Not Found', meaning: 'There is no such thing here.' },
  'method-not-allowed': {
    status: 405,
    title: 'Method Not Allowed',
    meaning: 'The resource does not take this method; `Allow` lists those it takes.',
  },
  conflict: conflict('The thing is in a state that does not allow this.'),
  'name-taken': conflict('The name is in use in this workspace.'),
  'path-taken': conflict('The webhook path is in use in this workspace.'),
  'function-in-use': conflict('Triggers use the function; `force=true` deletes it all the same.'),
  'illegal-transition': conflict('The lifecycle does not allow this step now.'),
  'precondition-failed': {
    status: 412,
    title: 'Precondition Failed',
    meaning: '`If-Match` does not name the current revision.',
  },
  'idempotency-key-reused': conflict(
    'The id of the delivery, event or message was used before, with another body.',
  ),
  'idempotency-mismatch': {
    status: 422,
    title: 'Unprocessable Content',
    meaning: 'The `Idempotency-Key` was used before, with another body.',
  },
  'request-in-progress': {
    ...conflict('A request with this `Idempotency-Key` is being worked on; try again.'),
    retryAfter: 1,
  },
  'payload-too-large': {
    status: 413,
    title: 'Payload Too Large',
    meaning: 'The body is longer than the limit.',
  },
  'payload-not-forgettable': conflict(
    'The store keeps this body as long as its record; `TRIPLINE_PAYLOADS` tells how to keep them apart.',
  ),
  'unsupported-media-type': {
    status: 415,
    title: 'Unsupported Media Type',
    meaning: 'The body is of a media type or compressed in a way that is not taken here.',
  },
  'backlog-full': away('The backlog is full.', 30),
  'too-many-readers': {
    status: 429,
    title: 'Too Many Requests',
    meaning: 'As many follow what happens live as may, here or in this workspace.',
    retryAfter: 30,
  },
  'too-many-at-once': {
    status: 429,
    title: 'Too Many Requests',
    meaning: 'As many of these are worked on already as may be at once; try again.',
    retryAfter: 5,
  },
  'wrong-expected-revision': conflict('Somebody else changed it at the same time; try again.'),
  'stream-not-found': { status: 404, title: 'Not Found', meaning: 'There is no such history.' },
  'stream-deleted': { status: 404, title: 'Not Found', meaning: 'That history was deleted.' },
  'corrupt-stream': broken('A recorded history does not make sense; it is set aside.'),
  'corrupt-store': broken('The store is damaged; the server log names the place.'),
  'event-too-large': {
    status: 413,
    title: 'Payload Too Large',
    meaning: 'The event is larger than the store takes.',
  },
  'outcome-unknown': away('The store did not say whether it took the change; try again.'),
  'store-unavailable': away('The store cannot be reached; nothing was changed.'),
  'store-failed': away('The store failed and the server is stopping.'),
  'disk-full': {
    status: 507,
    title: 'Insufficient Storage',
    meaning: 'The disk is full; nothing was changed.',
    retryAfter: 30,
  },
  'secret-unreadable': broken('A stored secret cannot be decrypted with the configured keys.'),
  'data-directory-in-use': broken('Another process owns the data directory.'),
  'data-directory-unusable': broken('The data directory cannot be written.'),
  'cannot-listen': broken('The server cannot listen where it is told to.'),
  'invalid-configuration': broken('The server is configured wrongly.'),
  'keys-unavailable': away('The token issuer cannot be reached to check the token.'),
  'shutting-down': away('The server is stopping.'),
  internal: broken('Something went wrong on our side; the server log has it by request id.'),
};

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly error: string;
  readonly message: string;
  readonly code: string;
  readonly details?: readonly ErrorDetail[];
  readonly requestId: string;
}

export interface Refused {
  readonly code: ErrorCode;
  readonly detail: string;
  readonly details: readonly ErrorDetail[];
}

/** RFC 9457 and the older members in one body. From 500 up nothing of the cause gets out. */
export const problemOf = (refused: Refused, instance: string, requestId: string): Problem => {
  const { status, title, meaning } = problems[refused.code];
  const detail = status >= 500 || refused.detail === '' ? meaning : refused.detail;
  return {
    type: `urn:tripline:problem:${refused.code}`,
    title,
    status,
    detail,
    instance,
    error: title,
    message: detail,
    code: refused.code.replaceAll('-', '_'),
    ...(status === 400 && { details: refused.details }),
    requestId,
  };
};
