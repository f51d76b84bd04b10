import type { AnyStateMachine } from 'xstate';

interface StateJson {
  readonly type?: 'final';
  readonly tags?: readonly string[];
  /** Where each fact leads. */
  readonly on: Readonly<Record<string, string>>;
}

/** A machine as XState reads it from JSON; what facts leave behind in its context is not in it. */
export interface MachineJson {
  readonly id: string;
  readonly initial: string;
  readonly states: Readonly<Record<string, StateJson>>;
}

/** The definition that runs, as data. */
export const machineJsonOf = ({
  id,
  root,
  states,
}: Pick<AnyStateMachine, 'id' | 'root' | 'states'>): MachineJson => ({
  id,
  initial: root.initial.target.map(({ key }) => key).join(),
  states: Object.fromEntries(
    Object.values(states).map(({ key, type, tags, transitions }): [string, StateJson] => [
      key,
      {
        ...(type === 'final' && { type }),
        ...(tags.length > 0 && { tags: [...tags] }),
        on: Object.fromEntries(
          [...transitions].flatMap(([fact, ways]) =>
            ways.map(({ target: [to = { key }] = [] }) => [fact, to.key]),
          ),
        ),
      },
    ]),
  ),
});
