import { serve } from './child.ts';
import { type ClosedLoop, type ClosedLoopResult, closedLoop, noteCalled } from './closed-loop.ts';
import { type OpenLoop, type OpenLoopResult, openLoop } from './open-loop.ts';

export type LoadHandlers = {
  closed: (input: ClosedLoop) => Promise<ClosedLoopResult>;
  open: (input: OpenLoop) => Promise<OpenLoopResult>;
};

serve({ closed: closedLoop, open: openLoop } satisfies LoadHandlers, (news) => {
  if (typeof news === 'number') noteCalled(news);
});
