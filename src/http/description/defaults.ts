const isMember = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A schema, and not the members of one, of which one is called `default`. */
const describesValues = ({ type, anyOf }: Readonly<Record<string, unknown>>): boolean =>
  typeof type === 'string' || Array.isArray(type) || Array.isArray(anyOf);

const told = (own: unknown, standard: unknown): string => {
  const sentence = `\`${JSON.stringify(standard)}\` if left out.`;
  return typeof own === 'string' ? `${own} ${sentence}` : sentence;
};

/**
 * Generated clients take a member with a default for one that must be there. What is sent may leave
 * it out, so the default is said in words. `examples` hold what they hold.
 */
export const defaultsInWords = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(defaultsInWords);
  if (!isMember(value)) return value;
  const isSchema = 'default' in value && describesValues(value);
  const entries = Object.entries(value)
    .filter(([key]) => !(isSchema && key === 'default'))
    .map(([key, member]) =>
      key === 'example' || key === 'examples' ? [key, member] : [key, defaultsInWords(member)],
    );
  const copy = Object.fromEntries(entries);
  if (!isSchema) return copy;
  return { ...copy, description: told(value['description'], value['default']) };
};
