import { below } from '../definition.ts';
import type { Field } from './field.ts';
import type { Combination } from './pattern.ts';

/** The fields of a combination by their names, so that those of one object are tried on one object. */
export interface Tree {
  readonly field?: Field;
  readonly members: readonly (readonly [name: string, member: Tree])[];
  /** Whether all of it may hold where there is nothing. */
  readonly mayBeAbsent: boolean;
}

const grouped = (fields: readonly Field[], depth: number): Tree['members'] => {
  const groups = new Map<string, Field[]>();
  for (const field of fields) {
    const name = field.path[depth];
    if (name === undefined) continue;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [field]);
    else group.push(field);
  }
  return [...groups].map(([name, group]) => [name, treeOf(group, depth + 1)] as const);
};

const treeOf = (fields: readonly Field[], depth: number): Tree => {
  const field = fields.find(({ path }) => path.length === depth);
  return {
    ...(field !== undefined && { field }),
    members: grouped(fields, depth),
    mayBeAbsent: fields.every(({ mayBeAbsent }) => mayBeAbsent),
  };
};

export const treeOfCombination = (combination: Combination): Tree =>
  treeOf([...combination.values()], 0);

/** The fields of a tree, each with what it asks for. */
export const textOfTree = ({ field, members }: Tree): string => {
  const texts = members.map(([name, tree]) => `${JSON.stringify(name)}:${textOfTree(tree)}`);
  return texts.length === 0 ? (field?.text ?? '') : `{${texts.join(',')}}`;
};

/** Its first field, and where that would be. */
export const firstField = (
  tree: Tree,
  path: string,
): { field: Field; path: string } | undefined => {
  if (tree.field !== undefined) return { field: tree.field, path };
  for (const [name, member] of tree.members) {
    const found = firstField(member, below(path, name));
    if (found !== undefined) return found;
  }
  return undefined;
};
