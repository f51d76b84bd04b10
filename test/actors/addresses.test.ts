import { expect, it } from 'vitest';
import {
  apiKeyAddress,
  arrivalAddress,
  claimAddress,
  draftAddress,
  encryptionKeysAddress,
  endedInvocationAddress,
  functionAddress,
  refusalAddress,
  triggerAddress,
} from '../../src/actors/addresses.ts';
import { invocation } from '../../src/domain/invocation/decider.ts';

const ended = {
  ...invocation.initialState,
  context: { ...invocation.initialState.context, invocationId: 'x' },
};

// Streams are names in every log that exists: another name would forget what was recorded.
it.each([
  ['an arrival', () => arrivalAddress('x'), 'arrival-x'],
  ['an ended invocation', () => endedInvocationAddress(ended), 'invocation-x'],
  ['a trigger', () => triggerAddress('x'), 'trigger-x'],
  ['a function', () => functionAddress('x'), 'function-x'],
  ['a draft', () => draftAddress('draft-x'), 'draft-x'],
  ['a refusal', () => refusalAddress('x'), 'refusal-x'],
  ['the encryption keys', encryptionKeysAddress, 'encryption-keys'],
  ['an API key', () => apiKeyAddress('x'), 'apikey-x'],
  [
    'a claim',
    () => claimAddress('acme', { kind: 'trigger-name', name: 'on push' }),
    // uuid.uuid5(namespace, '5:claim4:acme12:trigger-name7:on push') in Python.
    'claim-2cef3445-f4ef-53da-a1a5-f7f650deae3d',
  ],
])('%s has a stream of its own', (_, address, name) => {
  expect(address().stream).toBe(name);
});
