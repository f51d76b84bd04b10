import { failedCall, unanswered } from '../domain/invocation/outcome.ts';
import type { CallTarget, TargetContext, TargetType } from './target.ts';

/** One target for all there are: each call goes to the one of its type, also of types added later. */
export const openTargets = (
  types: ReadonlyMap<string, TargetType>,
  context: TargetContext,
): CallTarget => {
  const opened = new Map<TargetType, CallTarget>();
  const targetOf = (type: TargetType): CallTarget => {
    const known = opened.get(type);
    if (known) return known;
    const target = type.open(context);
    opened.set(type, target);
    return target;
  };
  // What is built in is there before the first call, so that a start that cannot succeed fails.
  for (const type of types.values()) targetOf(type);
  return {
    call: (call) => {
      const name = call.type ?? 'http';
      const type = types.get(name);
      if (type) return targetOf(type).call(call);
      return Promise.resolve(failedCall(unanswered('internal', `nothing calls ${name} functions`)));
    },
    close: async () => {
      await Promise.all([...opened.values()].map((target) => target.close()));
    },
  };
};
