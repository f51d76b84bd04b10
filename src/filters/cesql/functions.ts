import { booleanOf, integerOf, stringOf } from './casts.ts';
import { charactersOf, passOver, sliceOf, trimmed } from './characters.ts';
import type { Faults } from './faults.ts';
import { isInteger, largest, type Value } from './value.ts';

export interface BuiltIn {
  readonly name: string;
  readonly takes: (count: number) => boolean;
  /** What it yields where an argument is at fault. */
  readonly zero: Value;
  call(values: readonly Value[], faults: Faults): Value;
}

const textAt = (values: readonly Value[], at: number): string => stringOf(values[at] ?? '');
const numberAt = (values: readonly Value[], at: number, faults: Faults): number =>
  integerOf(values[at] ?? 0, faults);

const taking =
  (...counts: readonly number[]) =>
  (count: number): boolean =>
    counts.includes(count);

/** Of one string. */
const ofText = (name: string, change: (text: string, faults: Faults) => string): BuiltIn => ({
  name,
  takes: taking(1),
  zero: '',
  call: (values, faults) => {
    const text = textAt(values, 0);
    passOver(text, faults.steps);
    return change(text, faults);
  },
});

/** Of a string and how many of its characters. */
const part = (
  name: string,
  from: (length: number, count: number) => [number, number],
): BuiltIn => ({
  name,
  takes: taking(2),
  zero: '',
  call: (values, faults) => {
    const text = textAt(values, 0);
    const count = numberAt(values, 1, faults);
    if (count < 0) {
      faults.add('FunctionEvaluationError', `${name} of ${count} characters`);
      return text;
    }
    const characters = charactersOf(text, faults.steps);
    if (count >= characters.length) return text;
    return sliceOf(characters, ...from(characters.length, count));
  },
});

const joined = (texts: readonly string[], delimiter: string, { steps }: Faults): string => {
  for (const text of texts) {
    passOver(text, steps);
    passOver(delimiter, steps);
  }
  return texts.join(delimiter);
};

const substring = (values: readonly Value[], faults: Faults): string => {
  const characters = charactersOf(textAt(values, 0), faults.steps);
  const { length } = characters;
  const position = numberAt(values, 1, faults);
  const count = values.length > 2 ? numberAt(values, 2, faults) : length;
  if (Math.abs(position) > length || count < 0) {
    const message = `SUBSTRING from ${position}, ${count} of ${length} characters`;
    faults.add('FunctionEvaluationError', message);
    return '';
  }
  if (position === 0) return '';
  const start = position < 0 ? length + position : position - 1;
  return sliceOf(characters, start, start + count);
};

const absolute = (value: number, faults: Faults): number => {
  if (isInteger(Math.abs(value))) return Math.abs(value);
  faults.add('MathError', `ABS of ${value} is no Integer`);
  return largest;
};

export const builtIns: readonly BuiltIn[] = [
  {
    name: 'LENGTH',
    takes: taking(1),
    zero: 0,
    call: (values, { steps }) => charactersOf(textAt(values, 0), steps).length,
  },
  {
    name: 'CONCAT',
    takes: () => true,
    zero: '',
    call: (values, faults) => joined(values.map(stringOf), '', faults),
  },
  {
    name: 'CONCAT_WS',
    takes: (count) => count > 0,
    zero: '',
    call: (values, faults) => {
      const [delimiter = '', ...texts] = values.map(stringOf);
      return joined(texts, delimiter, faults);
    },
  },
  ofText('LOWER', (text) => text.toLowerCase()),
  ofText('UPPER', (text) => text.toUpperCase()),
  ofText('TRIM', trimmed),
  part('LEFT', (_, count) => [0, count]),
  part('RIGHT', (length, count) => [length - count, length]),
  { name: 'SUBSTRING', takes: taking(2, 3), zero: '', call: substring },
  {
    name: 'ABS',
    takes: taking(1),
    zero: 0,
    call: (values, faults) => absolute(numberAt(values, 0, faults), faults),
  },
  {
    name: 'INT',
    takes: taking(1),
    zero: 0,
    call: (values, faults) => numberAt(values, 0, faults),
  },
  {
    name: 'BOOL',
    takes: taking(1),
    zero: false,
    call: (values, faults) => booleanOf(values[0] ?? false, faults),
  },
  ofText('STRING', (text) => text),
];
