import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { TriggerEntry } from '../../../projections/registry.ts';
import { Sealed, type Verification } from '../../domain/events.ts';
import type { KeyRing } from '../../sealing/key-ring.ts';
import { signatureSchemes } from '../../signatures/index.ts';
import type {
  Refusal,
  SignatureOptions,
  SignatureScheme,
  SignedRequest,
} from '../../signatures/scheme.ts';
import { type Deduplication, deliveryIdOf } from './delivery-id.ts';

export interface Admitted {
  readonly ok: true;
  readonly verification: Verification | null;
  readonly deliveryId: string | null;
  /** True where nobody but the sender can have chosen the id, so that its word on it stands. */
  readonly idIsSigned: boolean;
}

export type Admission = Admitted | { readonly ok: false; readonly reason: Refusal };

/** What one trigger asks of a delivery, with its secrets opened once. */
export interface Gate {
  admit(request: SignedRequest): Admission;
  /** Headers that carry proof or identity of this trigger's sender and are never stored. */
  readonly proofs: ReadonlySet<string>;
}

/** The members of a webhook trigger that matter here; its kind has validated them. */
const Metadata = z.object({
  hmac: z.object({ secret: Sealed, header: z.string().optional() }).optional(),
  signature: z
    .object({
      scheme: z.string(),
      secrets: z.array(Sealed),
      header: z.string().optional(),
      algorithm: z.enum(['sha1', 'sha256', 'sha384', 'sha512']).optional(),
      encoding: z.enum(['hex', 'base64']).optional(),
      prefix: z.string().optional(),
    })
    .optional(),
  deduplication: z
    .union([
      z.object({ header: z.string() }),
      z.object({ pointer: z.string() }),
      z.object({ body: z.literal(true) }),
    ])
    .optional(),
});
type Metadata = z.infer<typeof Metadata>;

interface Proof {
  readonly scheme: SignatureScheme;
  readonly secrets: readonly KeyObject[];
  readonly options: SignatureOptions;
}

const contractDefaults: SignatureOptions = {
  header: 'X-Webhook-Signature',
  algorithm: 'sha256',
  encoding: 'hex',
  prefix: 'sha256=',
};

const settingsOf = ({ hmac, signature }: Metadata) => {
  if (signature) {
    const { scheme, secrets, ...given } = signature;
    const sealed = secrets.map((secret, index) => [secret, `signature.secrets.${index}`] as const);
    return { scheme, sealed, given };
  }
  if (!hmac) return undefined;
  const { secret, ...given } = hmac;
  return { scheme: 'hmac', sealed: [[secret, 'hmac.secret']] as const, given };
};

const proofOf = (entry: TriggerEntry, metadata: Metadata, sealing: KeyRing): Proof | undefined => {
  const settings = settingsOf(metadata);
  if (!settings) return undefined;
  const scheme = signatureSchemes.get(settings.scheme);
  if (!scheme) throw new Error(`trigger ${entry.triggerId} names an unknown signature scheme`);
  const secrets = settings.sealed.map(([secret, path]) =>
    scheme.readSecret(String(sealing.open(secret, [entry.workspace, entry.triggerId, path]))),
  );
  const given = Object.entries(settings.given).filter(([, value]) => value !== undefined);
  return { scheme, secrets, options: { ...contractDefaults, ...Object.fromEntries(given) } };
};

const openDoor = (deduplication: Deduplication | undefined): Gate => ({
  proofs: new Set(),
  admit: ({ headers, rawBody }) => ({
    ok: true,
    verification: null,
    deliveryId: deduplication ? deliveryIdOf(deduplication, headers, rawBody) : null,
    idIsSigned: false,
  }),
});

const guardedDoor = (
  { scheme, secrets, options }: Proof,
  deduplication: Deduplication | undefined,
): Gate => ({
  proofs: new Set(scheme.headers(options)),
  admit: (request) => {
    const verdict = scheme.verify(request, secrets, options);
    if (!verdict.ok) return verdict;
    const { headers, rawBody } = request;
    return {
      ok: true,
      verification: { scheme: scheme.name, secret: verdict.secret },
      deliveryId: deduplication
        ? deliveryIdOf(deduplication, headers, rawBody)
        : verdict.deliveryId,
      idIsSigned: deduplication === undefined && scheme.signsDeliveryId,
    };
  },
});

/**
 * The gates of all webhook triggers. Entries are replaced when a trigger changes, so a gate lives as
 * long as the entry it was built from. Throws where a secret cannot be opened.
 */
export const createGates = (sealing: KeyRing): ((entry: TriggerEntry) => Gate) => {
  const built = new WeakMap<TriggerEntry, Gate>();
  return (entry) => {
    const known = built.get(entry);
    if (known) return known;
    const metadata = Metadata.parse(entry.triggerMetadata);
    const proof = proofOf(entry, metadata, sealing);
    const gate = proof
      ? guardedDoor(proof, metadata.deduplication)
      : openDoor(metadata.deduplication);
    built.set(entry, gate);
    return gate;
  };
};
