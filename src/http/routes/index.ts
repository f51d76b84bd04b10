import { apiDescription } from './api-description.ts';
import { apiKeys } from './api-keys.ts';
import { audit } from './audit.ts';
import { computeFunctions } from './compute-functions.ts';
import { drafts } from './drafts.ts';
import { events } from './events.ts';
import { execute } from './execute.ts';
import { functionTriggers } from './function-triggers.ts';
import { health } from './health.ts';
import { invocations } from './invocations.ts';
import { jobs } from './jobs.ts';
import { metrics } from './metrics.ts';
import { publishing } from './publish.ts';
import { retryInvocation } from './retry-invocation.ts';
import type { Resource } from './route.ts';
import { secrets } from './secrets.ts';
import { triggerHistory } from './trigger-history.ts';
import { triggerTicks } from './trigger-ticks.ts';
import { triggerVersions } from './trigger-versions.ts';

/** Every resource but the webhooks, which read bodies in their own way. */
export const resources: readonly Resource[] = [
  computeFunctions,
  functionTriggers,
  drafts,
  triggerHistory,
  triggerVersions,
  triggerTicks,
  execute,
  invocations,
  retryInvocation,
  jobs,
  events,
  publishing,
  apiKeys,
  audit,
  secrets,
  health,
  metrics,
  apiDescription,
];
