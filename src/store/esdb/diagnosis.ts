import { AccessDeniedError } from '@eventstore/db-client';
import { type Finding, probe } from './probe.ts';
import type { EsdbUrl } from './url.ts';

const unauthenticated = 16;

const deniedIn = (error: unknown): AccessDeniedError | undefined => {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof AccessDeniedError) return at;
  }
  return undefined;
};

const grant = '{"$acl":{"$r":["$admins","<account>"]}}';

/** Why a store cannot be used, in words that say what to set or to grant. */
export const diagnose = async (url: EsdbUrl, error: unknown): Promise<Finding> => {
  const { nodes } = url;
  const where = nodes.map(({ address, port }) => `${address}:${port}`).join(', ');
  const denied = deniedIn(error);
  if (denied !== undefined) {
    const sentence =
      Number(denied.code) === unauthenticated
        ? `${where}: it does not know the user name with this password: correct them in TRIPLINE_STORE`
        : `${where}: the account may not read $all: take one of $admins, or let one append an event $metadata with ${grant} to the stream $$$all`;
    return { sentence, hopeless: true };
  }
  const findings = await Promise.all(nodes.map((node) => probe(node, url.way)));
  return {
    sentence: findings.map(({ sentence }) => sentence).join('; '),
    hopeless: findings.every(({ hopeless }) => hopeless),
  };
};
