import { apiDescription } from './api-description.ts';
import { apiKeys } from './api-keys.ts';
import { audit } from './audit.ts';
import { computeFunctions } from './compute-functions.ts';
import { deadLetters } from './dead-letters.ts';
import { drafts } from './drafts.ts';
import { events } from './events.ts';
import { execute } from './execute.ts';
import { explainEvent } from './explain-event.ts';
import { explainInvocation } from './explain-invocation.ts';
import { filters } from './filters.ts';
import { forgetPayload } from './forget-payload.ts';
import { functionTriggers } from './function-triggers.ts';
import { health } from './health.ts';
import { functionHistory, invocationHistory, triggerHistory } from './histories.ts';
import { invocationLists } from './invocation-lists.ts';
import { invocations } from './invocations.ts';
import { jobs } from './jobs.ts';
import { live } from './live.ts';
import { machines } from './machines.ts';
import { matchEvent } from './match-event.ts';
import { metrics } from './metrics.ts';
import { publishing } from './publish.ts';
import { publishDraft } from './publish-draft.ts';
import { refusals } from './refusals.ts';
import { registryDiff } from './registry-diff.ts';
import { redriveDeadLetters, replays } from './replays.ts';
import { retryInvocation } from './retry-invocation.ts';
import type { Resource } from './route.ts';
import { secrets } from './secrets.ts';
import { trace } from './trace.ts';
import { triggerTicks } from './trigger-ticks.ts';
import { triggerVersions } from './trigger-versions.ts';
import { whatIf } from './what-if.ts';

/** Every resource but the webhooks, which read bodies in their own way. */
export const resources: readonly Resource[] = [
  computeFunctions,
  functionHistory,
  functionTriggers,
  drafts,
  publishDraft,
  triggerHistory,
  triggerVersions,
  triggerTicks,
  execute,
  invocationLists,
  invocations,
  retryInvocation,
  invocationHistory,
  explainInvocation,
  jobs,
  deadLetters,
  redriveDeadLetters,
  replays,
  events,
  explainEvent,
  matchEvent,
  refusals,
  forgetPayload,
  publishing,
  apiKeys,
  audit,
  live,
  trace,
  registryDiff,
  whatIf,
  filters,
  secrets,
  health,
  metrics,
  machines,
  apiDescription,
];
