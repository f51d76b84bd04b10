import type { ClaimedName } from '../claim/machine.ts';

/** What no two functions of a workspace may have at the same time. */
export const functionClaims = ({ name }: { readonly name: string }): readonly ClaimedName[] => [
  { kind: 'function-name', name },
];
