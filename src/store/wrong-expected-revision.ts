import { TriplineError } from '../domain/errors.ts';
import type { ExpectedRevision } from './event-store.ts';

/** Nothing was stored; `actual` is the revision of the stream's last event. */
export class WrongExpectedRevision extends TriplineError {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly actual: number | 'no_stream';

  constructor(stream: string, expected: ExpectedRevision, actual: number | 'no_stream') {
    super('wrong-expected-revision', `${stream} is at ${actual}, not at ${expected}`);
    this.name = 'WrongExpectedRevision';
    this.stream = stream;
    this.expected = expected;
    this.actual = actual;
  }
}
