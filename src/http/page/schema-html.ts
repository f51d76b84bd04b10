import type { Schema } from '../description/document.ts';
import { code, escaped, prose, table } from './html.ts';

type Members = Readonly<Record<string, Schema>>;

const prefix = '#/components/schemas/';

export const schemaAnchor = (name: string): string => `schema-${name}`;

const link = (ref: string): string => {
  const name = ref.slice(prefix.length);
  return `<a href="#${schemaAnchor(name)}">${escaped(name)}</a>`;
};

const listOf = (schema: Schema, key: string): readonly Schema[] => (schema[key] ?? []) as Schema[];
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const ofUnion = (schema: Schema): string | undefined => {
  const union = [...listOf(schema, 'oneOf'), ...listOf(schema, 'anyOf')];
  return union.length === 0 ? undefined : [...new Set(union.map(typeOf))].join(' or ');
};

const ofValues = ({ const: constant, enum: values }: Schema): string | undefined => {
  if (constant !== undefined) return code(JSON.stringify(constant));
  return Array.isArray(values)
    ? values.map((value) => code(JSON.stringify(value))).join(' or ')
    : undefined;
};

const namesOf = (type: unknown): string =>
  [type ?? 'any value']
    .flat()
    .map((name) => escaped(String(name)))
    .join(' or ');

/** What may stand there, in a few words; named schemas are linked. */
export function typeOf(schema: Schema): string {
  const { $ref, type, items, format } = schema;
  if (typeof $ref === 'string') return link($ref);
  const known = ofUnion(schema) ?? ofValues(schema);
  if (known !== undefined) return known;
  if (type === 'array') return `list of ${typeOf((items ?? {}) as Schema)}`;
  return namesOf(type) + (typeof format === 'string' ? ` (${escaped(format)})` : '');
}

const bounds: readonly (readonly [string, string])[] = [
  ['minimum', 'at least'],
  ['maximum', 'at most'],
  ['minLength', 'characters at least'],
  ['maxLength', 'characters at most'],
];
/** What a platform can hold anyway is no bound worth telling. */
const isTelling = (value: unknown): boolean =>
  typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER;

const boundsOf = (schema: Schema): string =>
  bounds
    .filter(([key]) => isTelling(schema[key]))
    .map(([key, words]) => `${words} ${schema[key]}`)
    .join(', ');

const rowsOf = (schema: Schema, path: string, depth: number): readonly (readonly string[])[] => {
  const required = new Set((schema['required'] ?? []) as readonly string[]);
  return Object.entries((schema['properties'] ?? {}) as Members).flatMap(([name, member]) => {
    const whole = path === '' ? name : `${path}.${name}`;
    const notes = [prose(textOf(member['description'])), escaped(boundsOf(member))];
    const row = [
      code(whole) + (required.has(name) ? ' <b title="required">*</b>' : ''),
      typeOf(member),
      notes.filter(Boolean).join(' '),
    ];
    return depth > 0 ? [row, ...nested(member, whole, depth)] : [row];
  });
};

function nested(member: Schema, path: string, depth: number): readonly (readonly string[])[] {
  if (member['properties'] !== undefined) return rowsOf(member, path, depth - 1);
  const items = member['items'] as Schema | undefined;
  return items?.['properties'] === undefined ? [] : rowsOf(items, `${path}[]`, depth - 1);
}

const deepest = 3;

/** The members of an object, those of its own objects below them; of anything else its type. */
export const schemaHtml = (schema: Schema): string => {
  if (schema['properties'] !== undefined)
    return table(['member (* required)', 'type', ''], rowsOf(schema, '', deepest));
  const variants = [...listOf(schema, 'oneOf'), ...listOf(schema, 'anyOf')];
  const inline = variants.filter((variant) => variant['properties'] !== undefined);
  if (inline.length === 0) return `<p>${typeOf(schema)}</p>`;
  return inline.map(schemaHtml).join('<p>or</p>');
};
