import { invalidAt } from '../definition.ts';
import type { Steps } from '../steps.ts';
import { finderOf } from './finder.ts';

const escaped = (pattern: string, at: number, pointer: string): string => {
  const character = pattern[at + 1];
  if (character === '*' || character === '\\') return character;
  throw invalidAt(pointer, `must have * or \\ behind the \\ at character ${at}`);
};

/** What stands between its stars. */
const partsOf = (pattern: string, pointer: string): readonly string[] => {
  const parts: string[] = [];
  let part = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern.charAt(at);
    if (character === '*') {
      if (pattern[at + 1] === '*') throw invalidAt(pointer, `must not have ** (character ${at})`);
      parts.push(part);
      part = '';
    } else if (character === '\\') {
      part += escaped(pattern, at, pointer);
      at += 1;
    } else part += character;
  }
  return [...parts, part];
};

/** Whether a text is what a pattern describes, in which `*` stands for any characters, or none. */
export const wildcardTest = (
  pattern: string,
  pointer: string,
): ((text: string, steps: Steps) => boolean) => {
  const [first = '', ...others] = partsOf(pattern, pointer);
  const last = others.pop();
  if (last === undefined) return (text) => text === first;
  const finders = others.map((part) => ({ find: finderOf(part), length: part.length }));
  return (text, steps) => {
    const end = text.length - last.length;
    if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    let at = first.length;
    for (const { find, length } of finders) {
      const found = find(text, at, steps);
      if (found < 0 || found + length > end) return false;
      at = found + length;
    }
    return true;
  };
};
