import type { AnyStateMachine } from 'xstate';

/** The machine as a Mermaid state diagram: the definition that runs is the one that is drawn. */
export const diagramOf = ({ root, states }: Pick<AnyStateMachine, 'root' | 'states'>): string => {
  const lines = Object.values(states).flatMap(({ key, transitions }) => {
    const steps = [...transitions].flatMap(([type, ways]) =>
      ways.map(({ target: [to = { key }] = [] }) => `${key} --> ${to.key}: ${type}`),
    );
    return steps.length === 0 ? [`${key} --> [*]`] : steps;
  });
  const start = root.initial.target.map(({ key }) => `[*] --> ${key}`);
  return ['stateDiagram-v2', ...[...start, ...lines].map((line) => `  ${line}`), ''].join('\n');
};
