import type { Trigger } from './register.ts';

/** One that waits for those before it. Accepted somewhere between two places in the log. */
export interface Member {
  readonly invocationId: string;
  readonly line: Line;
  readonly earliest: string;
  readonly latest: string;
  ended: boolean;
}

export interface Line {
  readonly name: string;
  /** Whether one that was surely accepted later has begun. */
  isPast(member: Member): boolean;
  join(member: Member): void;
  /** Its first attempt starts; the answer is who should have ended before. */
  begin(member: Member): Member | undefined;
  /** True where nobody is left. */
  leave(member: Member): boolean;
}

export const asksForOrder = (trigger: Trigger | undefined): boolean =>
  trigger !== undefined && 'orderingKey' in trigger.metadata;

export const createLine = (name: string): Line => {
  /** By their latest place; those that ended are dropped when they come up. */
  const members: Member[] = [];
  let begun = '';
  let running: Member | undefined;

  return {
    name,
    isPast: ({ latest }) => latest < begun,
    join(member) {
      let at = members.length;
      while (at > 0 && (members[at - 1]?.latest ?? '') > member.latest) at -= 1;
      members.splice(at, 0, member);
    },
    begin(member) {
      const first = members.find((one) => one !== member && !one.ended);
      const isFirst = first === undefined || first.latest >= member.earliest;
      const before = isFirst ? running : first;
      running = member;
      if (member.earliest > begun) begun = member.earliest;
      return before === member ? undefined : before;
    },
    leave(member) {
      member.ended = true;
      if (running === member) running = undefined;
      while (members[0]?.ended) members.shift();
      return members.length === 0;
    },
  };
};
