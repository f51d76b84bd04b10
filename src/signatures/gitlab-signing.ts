import type { SignatureScheme } from './scheme.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import type { Tolerance } from './timestamp.ts';

/** GitLab's signing token: Standard Webhooks, in their own headers. */
export const gitlabSigning: SignatureScheme<Tolerance> = {
  ...standardWebhooks,
  name: 'gitlab-signing',
  evidence: 'others',
};
