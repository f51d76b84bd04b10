import { TriplineError } from '../domain/errors.ts';
import type { Appended } from '../store/event-store.ts';

/** An append of which it is not known whether it is stored, though it was tried twice. */
export class OutcomeUnknown extends TriplineError {
  /** The very same append: it is stored once, and a conflict says that it never was. */
  readonly again: () => Promise<Appended>;

  constructor(cause: TriplineError, again: () => Promise<Appended>) {
    super('outcome-unknown', cause.message, { cause });
    this.name = 'OutcomeUnknown';
    this.again = again;
  }
}
