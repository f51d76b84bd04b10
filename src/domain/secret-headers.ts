/** What parts of a name, between hyphens, end with that say what the value is for. */
const secretWord =
  /^(?:auth|authentication|authorization|bearer|cookie|credentials?|jwt)$|(?:apikey|passcode|passphrase|passwd|password|secret|token)$/;

/** A key may be many things, as that of an idempotent request; these open something. */
const secretKey =
  /(?:^|-)(?:access|api|app|auth|functions|master|private|subscription|webhook)-key$/;

/**
 * Whether a header is taken for a credential or the proof of one by its name, which is in lower
 * case: as `authorization`, `x-api-key`, `apikey`, `x-gitlab-token` or
 * `x-telegram-bot-api-secret-token`. Rather one too many than one too few.
 */
export const isSecretHeader = (name: string): boolean => {
  if (name.includes('signature') || secretKey.test(name)) return true;
  const words = name.split(/[-_.]/);
  return words.some((word) => secretWord.test(word)) && !words.includes('idempotency');
};
