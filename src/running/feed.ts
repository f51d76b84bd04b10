import type { Recorded } from '../domain/events.ts';
import type { Dispatcher } from './dispatcher.ts';

/** Tells dispatch what a fact means for it; most facts mean nothing. */
export const feed = (dispatcher: Dispatcher, event: Recorded): void => {
  switch (event.type) {
    case 'InvocationQueued':
      dispatcher.queued(event);
      break;
    case 'InvocationStarted':
      dispatcher.started(event);
      break;
    case 'InvocationFailed':
    case 'AttemptLost':
      dispatcher.rescheduled(event);
      break;
    case 'InvocationSucceeded':
    case 'InvocationDeadLettered':
    case 'InvocationCancelled':
      dispatcher.ended(event.data.invocationId);
      break;
    case 'FunctionRegistered':
    case 'FunctionRevised':
    case 'FunctionRetired':
      dispatcher.functionChanged(event.data.functionId);
      break;
    case 'TriggerRegistered':
    case 'TriggerRevised':
    case 'TriggerPaused':
    case 'TriggerResumed':
    case 'TriggerSuspended':
    case 'TriggerRetired':
      dispatcher.triggerChanged(event.data.triggerId);
      break;
    case 'ReplayCompleted':
    case 'ReplayCancelled':
    case 'ReplayFailed':
      dispatcher.caughtUp();
      break;
    default:
  }
};
