import { z } from 'zod';
import { sentenceOf } from '../domain/complaints.ts';
import { isTriplineError } from '../domain/errors.ts';
import { invalidField, invalidWithin } from '../domain/invalid.ts';
import type { JsonObject } from '../domain/json.ts';
import type { SignatureSchemes } from '../signatures/index.ts';
import type { SignatureScheme } from '../signatures/scheme.ts';

const member = 'triggerMetadata.signature';

/** Its kind has looked at these two; in a draft they may be missing. */
const Given = z.looseObject({ scheme: z.string(), secrets: z.array(z.json()) });

const plaintextOf = (secret: unknown): string | undefined => {
  if (typeof secret === 'string') return secret;
  const hasValue = typeof secret === 'object' && secret !== null && !('encrypted' in secret);
  return hasValue && 'value' in secret ? String(secret.value) : undefined;
};

/** A secret that its scheme cannot use is refused now, not when the first delivery comes. */
const checkSecrets = (scheme: SignatureScheme, secrets: readonly unknown[]): void => {
  secrets.forEach((secret, index) => {
    const text = plaintextOf(secret);
    try {
      if (text !== undefined) scheme.readSecret(text);
    } catch (error) {
      if (!isTriplineError(error)) throw error;
      throw invalidField(`${member}.secrets.${index}`, error.message);
    }
  });
};

const schemeOf = (schemes: SignatureSchemes, name: string): SignatureScheme => {
  const scheme = schemes.get(name);
  if (scheme) return scheme;
  const names = [...schemes.keys()];
  const known = [names.slice(0, -1).join(', '), names.at(-1)].join(' or ');
  throw invalidField(`${member}.scheme`, `must name a scheme: ${known}`);
};

/** The metadata with all that its signature scheme wants to know, or `validation-failed`. */
export const withSignature = (schemes: SignatureSchemes, metadata: JsonObject): JsonObject => {
  const { signature } = metadata;
  const { data } = Given.safeParse(signature);
  if (!data) return metadata;
  const { scheme: name, secrets, ...given } = data;
  const scheme = schemeOf(schemes, name);
  const options = scheme.options.safeParse(given, { error: sentenceOf });
  if (options.error) throw invalidWithin(member, options.error.issues);
  checkSecrets(scheme, secrets);
  return { ...metadata, signature: { scheme: name, secrets, ...(options.data as JsonObject) } };
};

/** Of a draft: options may be missing, those that are there must be right. */
export const checkIncompleteSignature = (
  schemes: SignatureSchemes,
  { signature }: JsonObject,
): void => {
  const { data } = Given.partial().safeParse(signature);
  if (data?.scheme === undefined) return;
  const { scheme: name, secrets = [], ...given } = data;
  const scheme = schemeOf(schemes, name);
  const { error } = scheme.options.safeParse(given, { error: sentenceOf });
  const wrong = error?.issues.filter(
    ({ path: [first] }) => first === undefined || String(first) in given,
  );
  if (wrong !== undefined && wrong.length > 0) throw invalidWithin(member, wrong);
  checkSecrets(scheme, secrets);
};
