import type { DataOf } from '../events.ts';

type Definition = Readonly<DataOf<'TriggerRegistered'>>;

export type RegisterTrigger = { readonly type: 'RegisterTrigger' } & Omit<Definition, 'version'>;
/** Whole new values; what is left out stays as it is. Every revision is a new version. */
export type ReviseTrigger = { readonly type: 'ReviseTrigger' } & Partial<
  Pick<Definition, 'name' | 'description' | 'functionId' | 'triggerMetadata'>
>;
export interface PauseTrigger {
  readonly type: 'PauseTrigger';
  readonly reason: string;
}
export interface ResumeTrigger {
  readonly type: 'ResumeTrigger';
}
/** By the system, because of what one invocation met. */
export interface SuspendTrigger {
  readonly type: 'SuspendTrigger';
  readonly reason: string;
  readonly invocationId: string;
}
export interface RetireTrigger {
  readonly type: 'RetireTrigger';
}
/** The same metadata with its secrets sealed anew; to be asked at the revision it was made from. */
export interface ResealTrigger {
  readonly type: 'ResealTrigger';
  readonly triggerMetadata: Definition['triggerMetadata'];
}
export type TriggerCommand =
  | RegisterTrigger
  | ReviseTrigger
  | PauseTrigger
  | ResumeTrigger
  | SuspendTrigger
  | RetireTrigger
  | ResealTrigger;
