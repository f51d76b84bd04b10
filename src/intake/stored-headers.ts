import { isSecretHeader } from '../domain/secret-headers.ts';

/** Senders choose names; those that come again and again are few. */
const mostRemembered = 1_000;

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Headers as they may be kept: no credentials, no proof of signature. Names are lower-case. */
export type StoredHeaders = (
  headers: Headers,
  proofs: ReadonlySet<string>,
) => Record<string, string>;

export const createStoredHeaders = (): StoredHeaders => {
  const verdicts = new Map<string, boolean>();

  const isSecret = (name: string): boolean => {
    const known = verdicts.get(name);
    if (known !== undefined) return known;
    const verdict = isSecretHeader(name);
    if (verdicts.size < mostRemembered) verdicts.set(name, verdict);
    return verdict;
  };

  return (headers, proofs) => {
    const stored: Record<string, string> = {};
    for (const name in headers) {
      const value = headers[name];
      if (typeof value !== 'string' || isSecret(name) || proofs.has(name)) continue;
      // Defined, not assigned: `__proto__` is a legal header name.
      if (name === '__proto__') Object.defineProperty(stored, name, { value, enumerable: true });
      else stored[name] = value;
    }
    return stored;
  };
};
