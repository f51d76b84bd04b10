import { TriplineError } from '../domain/errors.ts';

export const streamNotFound = (stream: string): TriplineError =>
  new TriplineError('stream-not-found', `there is no stream ${stream}`);

export const streamDeleted = (stream: string): TriplineError =>
  new TriplineError('stream-deleted', `stream ${stream} was deleted`);
