import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { TriggerEntry } from '../../projections/registry.ts';
import type { Verification } from '../domain/facts/arrival-facts.ts';
import { Sealed } from '../domain/facts/sealed.ts';
import type { KeyRing } from '../sealing/key-ring.ts';
import type { SignatureSchemes } from '../signatures/index.ts';
import type { Refused, SignatureScheme, SignedRequest, Verdict } from '../signatures/scheme.ts';
import { type Deduplication, deliveryIdOf } from './delivery-id.ts';

export interface Admitted {
  readonly ok: true;
  readonly verification: Verification | null;
  readonly deliveryId: string | null;
  /** True where nobody but the sender can have chosen the id, so that its word on it stands. */
  readonly idIsSigned: boolean;
}

export type Admission = Admitted | Refused;

/** What one trigger asks of a delivery, with its secrets opened once. */
export interface Gate {
  /** `unpacked` is what the delivery is known by, and where `rawBody` is not what was signed. */
  admit(request: SignedRequest): Admission;
  /** Headers that carry proof or identity of this trigger's sender and are never stored. */
  readonly proofs: ReadonlySet<string>;
}

interface GateDeps {
  readonly sealing: KeyRing;
  readonly schemes: SignatureSchemes;
}

/** The members of a webhook trigger that matter here; its kind has validated them. */
const Metadata = z.object({
  hmac: z.object({ secret: Sealed, header: z.string().optional() }).optional(),
  signature: z.looseObject({ scheme: z.string(), secrets: z.array(Sealed) }).optional(),
  deduplication: z
    .union([
      z.object({ header: z.string() }),
      z.object({ pointer: z.string() }),
      z.object({ body: z.literal(true) }),
    ])
    .optional(),
  secretHeaders: z.array(z.string()).optional(),
});
type Metadata = z.infer<typeof Metadata>;

interface Proof {
  readonly scheme: SignatureScheme;
  readonly secrets: readonly KeyObject[];
  readonly options: object;
}

/** What the member `hmac` means where it says nothing else. */
const contractDefaults = { header: 'X-Webhook-Signature', prefix: 'sha256=' };

const settingsOf = ({ hmac, signature }: Metadata) => {
  if (signature) {
    const { scheme, secrets, ...given } = signature;
    const sealed = secrets.map((secret, index) => [secret, `signature.secrets.${index}`] as const);
    return { scheme, sealed, given };
  }
  if (!hmac) return undefined;
  const { secret, header = contractDefaults.header } = hmac;
  const given = { ...contractDefaults, header };
  return { scheme: 'hmac', sealed: [[secret, 'hmac.secret']] as const, given };
};

const proofOf = (
  entry: TriggerEntry,
  metadata: Metadata,
  { sealing, schemes }: GateDeps,
): Proof | undefined => {
  const settings = settingsOf(metadata);
  if (!settings) return undefined;
  const scheme = schemes.get(settings.scheme);
  if (!scheme) throw new Error(`trigger ${entry.triggerId} names an unknown signature scheme`);
  const secrets = settings.sealed.map(([secret, path]) =>
    scheme.readSecret(String(sealing.open(secret, [entry.workspace, entry.triggerId, path]))),
  );
  return { scheme, secrets, options: scheme.options.parse(settings.given) };
};

const contentOf = ({ unpacked, rawBody }: SignedRequest): Buffer => unpacked ?? rawBody;

/**
 * Providers sign the bytes that they send. Where those are compressed, it may have been a part behind
 * the signing one that did it: then what was signed is in them. Of two refusals the one that found a
 * secret to fit says more.
 */
const verdictOn = ({ scheme, secrets, options }: Proof, request: SignedRequest): Verdict => {
  const verdict = scheme.verify(request, secrets, options);
  const { unpacked, ...rest } = request;
  if (verdict.ok || unpacked === undefined) return verdict;
  const inner = scheme.verify({ ...rest, rawBody: unpacked }, secrets, options);
  return !inner.ok && verdict.reason === 'stale-timestamp' ? verdict : inner;
};

const openDoor = (
  deduplication: Deduplication | undefined,
  secretHeaders: readonly string[],
): Gate => ({
  proofs: new Set(secretHeaders),
  admit: (request) => ({
    ok: true,
    verification: null,
    deliveryId: deduplication
      ? deliveryIdOf(deduplication, request.headers, contentOf(request))
      : null,
    idIsSigned: false,
  }),
});

const guardedDoor = (
  proof: Proof,
  deduplication: Deduplication | undefined,
  secretHeaders: readonly string[],
): Gate => ({
  proofs: new Set([...proof.scheme.headers(proof.options), ...secretHeaders]),
  admit: (request) => {
    const { scheme } = proof;
    const verdict = verdictOn(proof, request);
    if (!verdict.ok) return verdict;
    const { secret, keyId } = verdict;
    return {
      ok: true,
      verification: { scheme: scheme.name, secret, ...(keyId !== undefined && { keyId }) },
      deliveryId: deduplication
        ? deliveryIdOf(deduplication, request.headers, contentOf(request))
        : verdict.deliveryId,
      idIsSigned: deduplication === undefined && scheme.signsDeliveryId,
    };
  },
});

interface Built {
  readonly gate: Gate;
  readonly scheme: SignatureScheme | undefined;
}

/**
 * The gates of all webhook triggers. Entries are replaced when a trigger changes, so a gate lives as
 * long as the entry it was built from, and the scheme. Throws where a secret cannot be opened, and
 * where there is no such scheme.
 */
export const createGates = (
  sealing: KeyRing,
  schemes: SignatureSchemes,
): ((entry: TriggerEntry) => Gate) => {
  const built = new WeakMap<TriggerEntry, Built>();
  return (entry) => {
    const known = built.get(entry);
    if (known && (!known.scheme || schemes.get(known.scheme.name) === known.scheme))
      return known.gate;
    const metadata = Metadata.parse(entry.triggerMetadata);
    const proof = proofOf(entry, metadata, { sealing, schemes });
    const secretHeaders = (metadata.secretHeaders ?? []).map((name) => name.toLowerCase());
    const gate = proof
      ? guardedDoor(proof, metadata.deduplication, secretHeaders)
      : openDoor(metadata.deduplication, secretHeaders);
    built.set(entry, { gate, scheme: proof?.scheme });
    return gate;
  };
};
