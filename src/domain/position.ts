/**
 * A place in the log, opaque to everyone but the store that gave it out. Fixed width, so that plain
 * string comparison is log order: `a < b` means a was committed before b.
 */
export type Position = string & { readonly __brand: 'Position' };

/** Before the first event. */
export const beginning = '' as Position;

/** For stores: brands text that already has the ordering property. */
export const asPosition = (text: string): Position => text as Position;
