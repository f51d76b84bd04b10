import type { Dice } from './dice.ts';

/** The names that people and senders use: few, so that they come together. */
export const workspaces = ['acme', 'beta'];
export const paths = ['/a', '/b', '/c/d'];
export const topics = ['orders.new', 'orders.old', 'mail'];
export const patterns = ['orders.*', 'orders.new', '**'];
export const eventTypes = ['paid', 'sent'];
export const eventSources = ['shop', 'bank'];
export const recordSlugs = ['customers', 'invoices'];
export const recordEvents = ['record_created', 'record_updated'] as const;
export const orderingKeys = ['x', 'y'];
/** What webhooks are signed with; senders may be one behind. */
export const webhookSecrets = ['first secret', 'second secret', 'third secret'];

/** Of a trigger or a function; there are few, so that they are taken. */
export const aName = (dice: Dice, kind: 't' | 'f'): string =>
  `${kind}${dice.below(kind === 't' ? 12 : 6)}`;
