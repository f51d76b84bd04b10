import type { Crew } from './crew.ts';
import type { Node } from './node.ts';
import type { Parked } from './parking-lot.ts';
import type { World } from './world.ts';

/** Something that can happen now. */
interface Possible {
  readonly label: string;
  go(): void;
}

/** Decides what happens next, of all that can. */
export const createDriver = (world: World, crew: Crew) => {
  const { lot, time, trace, dice, conditions } = world;

  const parkedOf = (item: Parked): Possible => ({
    label: item.label,
    go: () => lot.take(item),
  });

  const alarmOf = ({ run }: Node): Possible => ({
    label: `${run?.owner} wakes`,
    go: () => run?.clock.ring(),
  });

  const isDue = ({ run, stalledUntil }: Node, step: number): boolean =>
    stalledUntil <= step && (run?.clock.nextAt ?? Number.POSITIVE_INFINITY) <= time.elapsed;

  const isDiskWork = ({ label }: Possible): boolean => /syncs|sends/.test(label);

  const possible = (step: number): readonly Possible[] => {
    const parked = lot.ready((owner) => crew.isHeldUp(owner, step)).map(parkedOf);
    const all = [...parked, ...crew.nodes.filter((node) => isDue(node, step)).map(alarmOf)];
    if (!conditions.slowDisk || dice.happens(0.05)) return all;
    return all.filter((one) => !isDiskWork(one));
  };

  const nextAlarm = (): number | undefined => {
    const times = crew.nodes.flatMap(({ run }) => run?.clock.nextAt ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  };

  return {
    /** One thing, by chance; false where there is nothing. */
    go(step: number): boolean {
      const all = possible(step);
      if (all.length === 0) return false;
      const one = dice.pick(all);
      trace.line(`${step} ${one.label}`);
      one.go();
      return true;
    },
    /** To the next alarm; false where there is none. */
    toNextAlarm(): boolean {
      const at = nextAlarm();
      if (at === undefined) return false;
      time.pass(Math.max(0, at - time.elapsed));
      return true;
    },
    someTime(): void {
      const how = dice.weighted({ little: 4, alarm: 6, long: 1 });
      if (how === 'alarm' && this.toNextAlarm()) return;
      time.pass(how === 'long' ? dice.between(1_000, 90_000) : dice.between(1, 200));
    },
  };
};

export type Driver = ReturnType<typeof createDriver>;
