import type { Failure } from '../../domain/facts/failure.ts';

type Kind = Failure['kind'];

const kinds: Readonly<Record<string, Kind>> = {
  TRIPLINE_BLOCKED_ADDRESS: 'blocked-address',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  ETIMEDOUT: 'timeout',
  ENOTFOUND: 'dns',
  ENODATA: 'dns',
  ESERVFAIL: 'dns',
  EPROTO: 'tls',
  UND_ERR_HEADERS_OVERFLOW: 'protocol',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'protocol',
  UND_ERR_INVALID_ARG: 'protocol',
};

const families: readonly (readonly [pattern: RegExp, kind: Kind])[] = [
  [/^EAI_/, 'dns'],
  [/^HPE_/, 'protocol'],
  [/^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_|INVALID_CA)/, 'tls'],
];

/** Parser errors come with or without a code of their own, but always with their name. */
const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return '';
  if (error.name === 'HTTPParserError') return 'HPE_';
  return 'code' in error ? String(error.code) : '';
};

const shortages: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM']);

/** This machine could not open a connection to anybody. */
export const isOwnShortage = (error: unknown): boolean => shortages.has(codeOf(error));

/** The answer has another length than its head says. */
export const isLengthMismatch = (error: unknown): boolean =>
  codeOf(error) === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';

/** What kind of failure an error of the HTTP client stands for; unknown ones are the connection's. */
export const failureKindOf = (error: unknown): Kind => {
  const code = codeOf(error);
  return kinds[code] ?? families.find(([pattern]) => pattern.test(code))?.[1] ?? 'connection';
};
