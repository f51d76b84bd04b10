import type { AnyStateMachine } from 'xstate';

/** The machine as a Mermaid state diagram: the definition that runs is the one that is drawn. */
export const diagramOf = ({ root, states }: Pick<AnyStateMachine, 'root' | 'states'>): string => {
  const lines = Object.values(states).flatMap(({ key, transitions }) => {
    const steps = [...transitions].map(([type, [transition]]) => {
      const target = transition?.target?.[0]?.key ?? key;
      return `${key} --> ${target}: ${type}`;
    });
    return steps.length === 0 ? [`${key} --> [*]`] : steps;
  });
  const start = root.initial.target.map(({ key }) => `[*] --> ${key}`);
  return ['stateDiagram-v2', ...[...start, ...lines].map((line) => `  ${line}`), ''].join('\n');
};
