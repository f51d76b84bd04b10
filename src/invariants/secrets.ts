import type { DataOf, Recorded } from '../domain/events.ts';
import { Sealed } from '../domain/facts/sealed.ts';
import type { StoredEvent } from '../domain/recorded.ts';
import type { DefineInvariant, Demand } from './invariant.ts';

type Definition = Recorded<'TriggerRegistered' | 'TriggerRevised' | 'TriggerSecretsResealed'>;

const sealedForm = Sealed.strict();
const isSealed = (value: unknown): boolean => sealedForm.safeParse(value).success;
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Request headers that prove who somebody is. */
const proof = /^(?:proxy-)?authorization$|^(?:set-)?cookie$|^x-api-key$|signature/;
/** What only those who made a secret may know, by the form in which it is told them. */
const told = /whsec_[A-Za-z0-9+/=]{16}|-----BEGIN [A-Z ]*PRIVATE KEY/;

/** Where a member is to be sealed and is not; dotted. */
const openIn = (value: unknown, path: string, isSecret: boolean): readonly string[] => {
  if (isSealed(value)) return [];
  if (!isObject(value)) return isSecret && value !== undefined ? [path] : [];
  if (value['encrypt'] === true) return [path];
  return Object.entries(value).flatMap(([key, member]) =>
    openIn(member, `${path}.${key}`, isSecret),
  );
};

const openInMetadata = (metadata: object): readonly string[] => {
  const { hmac, signature, params } = metadata as Readonly<
    Record<'hmac' | 'signature' | 'params', Readonly<Record<string, unknown>> | undefined>
  >;
  return [
    ...openIn(hmac?.['secret'], 'hmac.secret', true),
    ...openIn(signature?.['secrets'], 'signature.secrets', true),
    ...openIn(params, 'params', false),
  ];
};

/** The same with everything sealed left out: what a new key may not change. */
const blanked = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) => (isSealed(member) ? 'sealed' : member));

/** No secret is in the log in a form that anybody could read. */
export const secrets: DefineInvariant = () => {
  const settings = new Map<string, string>();

  const sealed = (where: string, open: readonly string[], demand: Demand): void =>
    demand(open.length === 0, `${where} has ${open.join(', ')} in the clear`);

  const define = ({ type, data }: Definition, demand: Demand): void => {
    const { triggerId, triggerMetadata } = data;
    sealed(triggerId, openInMetadata(triggerMetadata), demand);
    const setting = blanked(triggerMetadata);
    const isTheSame = type !== 'TriggerSecretsResealed' || settings.get(triggerId) === setting;
    demand(isTheSame, `${triggerId} was changed by sealing it anew`);
    settings.set(triggerId, setting);
  };

  const hasKeys = (
    { data }: Recorded<'FunctionRegistered' | 'FunctionRevised' | 'FunctionSecretsResealed'>,
    demand: Demand,
  ): void => {
    const { functionId, signingSecret, previousSecret } = data;
    const open = [
      ...openIn(signingSecret, 'signingSecret', true),
      ...(previousSecret === null ? [] : openIn(previousSecret, 'previousSecret', true)),
    ];
    sealed(functionId, open, demand);
    demand(!told.test(JSON.stringify(data)), `${functionId} tells a secret`);
  };

  const checkDraft = ({ content, draftId }: DataOf<'DraftSaved'>, demand: Demand): void =>
    sealed(draftId, openInMetadata(content.triggerMetadata ?? {}), demand);

  return {
    every({ id, metadata: { idempotency } }: StoredEvent, demand) {
      const isFine = idempotency === undefined || isSealed(idempotency.fingerprint);
      demand(isFine, `event ${id} has a fingerprint in the clear`);
    },
    on: {
      TriggerRegistered: define,
      TriggerRevised: define,
      TriggerSecretsResealed: define,
      TriggerRetired: ({ data }) => void settings.delete(data.triggerId),
      FunctionRegistered: hasKeys,
      FunctionRevised: hasKeys,
      FunctionSecretsResealed: hasKeys,
      DraftSaved: ({ data }, demand) => checkDraft(data, demand),
      ApiKeyIssued({ data }, demand) {
        const { keyId, name: _, ...others } = data;
        const isKnown = Object.keys(others).sort().join() === 'expiresAt,scopes,secretSha256';
        demand(isKnown, `${keyId} has more than its scopes, its end and its hash`);
      },
      EventArrived({ data: { arrivalId, request } }, demand) {
        const proofs = Object.keys(request?.headers ?? {}).filter((name) => proof.test(name));
        demand(proofs.length === 0, `arrival ${arrivalId} has the headers ${proofs.join(', ')}`);
      },
    },
  };
};
