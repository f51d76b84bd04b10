import { z } from 'zod';
import { evidenceInWords } from '../../signatures/evidence.ts';
import type { SignatureSchemes } from '../../signatures/index.ts';
import type { TriggerKinds } from '../../triggers/index.ts';
import type { Schema } from './document.ts';
import { refTo } from './references.ts';

type Members = Readonly<Record<string, Schema>>;

/** Recursive schemas are those of any JSON value, about which there is nothing to say. */
const withoutDefinitions = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutDefinitions);
  if (typeof value !== 'object' || value === null) return value;
  if ('$ref' in value && String(value.$ref).startsWith('#')) return {};
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '$schema' && key !== '$defs')
      .map(([key, member]) => [key, withoutDefinitions(member)]),
  );
};

/** As people write it: what has a default may be left out. */
const schemaOf = (type: z.ZodType): Schema =>
  withoutDefinitions(z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' })) as Schema;

const membersOf = (schema: Schema): Members => (schema['properties'] ?? {}) as Members;
const requiredOf = (schema: Schema): readonly string[] => (schema['required'] ?? []) as string[];

export const pascal = (kind: string): string =>
  kind.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());

export const metadataName = (kind: string): string => `${pascal(kind)}Metadata`;
export const changesName = (kind: string): string => `${pascal(kind)}MetadataChanges`;
export const partialName = (kind: string): string => `${pascal(kind)}MetadataDraft`;

/** Every member may be left out, and with `null`, where that removes one, be null. */
const partial = (schema: Schema, nullable: boolean): Schema => {
  const { required: _, ...rest } = schema;
  const members = Object.entries(membersOf(schema)).map(([name, member]) => {
    const { default: __, ...given } = member;
    return [name, nullable ? { anyOf: [given, { type: 'null' }] } : given] as const;
  });
  return { ...rest, properties: Object.fromEntries(members) };
};

const signatureName = (scheme: string): string => `${pascal(scheme)}Signature`;

/** A scheme's own options beside what all of them have. */
const signaturesOf = (schemes: SignatureSchemes, common: Schema): readonly [string, Schema][] => [
  ...[...schemes].map(([name, { options, evidence }]): [string, Schema] => {
    const own = schemaOf(options);
    return [
      signatureName(name),
      {
        type: 'object',
        ...(evidence && { description: `Held against ${evidenceInWords[evidence]}.` }),
        properties: {
          scheme: { type: 'string', const: name },
          secrets: membersOf(common)['secrets'],
          ...membersOf(own),
        },
        required: ['scheme', 'secrets', ...requiredOf(own)],
        additionalProperties: false,
      },
    ];
  }),
  [
    'Signature',
    {
      oneOf: [...schemes.keys()].map((name) => refTo(signatureName(name))),
      discriminator: {
        propertyName: 'scheme',
        mapping: Object.fromEntries(
          [...schemes.keys()].map((name) => [name, refTo(signatureName(name)).$ref]),
        ),
      },
    },
  ],
];

const withSignature = (schema: Schema): Schema =>
  'signature' in membersOf(schema)
    ? { ...schema, properties: { ...membersOf(schema), signature: refTo('Signature') } }
    : schema;

/** `triggerMetadata` of each kind, whole and in part, and how senders sign. */
export const kindSchemas = (
  kinds: TriggerKinds,
  schemes: SignatureSchemes,
): Readonly<Record<string, Schema>> => {
  const raw = [...kinds].map(([kind, { config }]) => [kind, schemaOf(config)] as const);
  const signature = raw.map(([, schema]) => membersOf(schema)['signature']).find(Boolean);
  const whole = raw.map(([kind, schema]) => [kind, withSignature(schema)] as const);
  return Object.fromEntries([
    ...(signature === undefined ? [] : signaturesOf(schemes, signature)),
    ...whole.flatMap(([kind, schema]): [string, Schema][] => [
      [metadataName(kind), schema],
      [changesName(kind), partial(schema, true)],
      [partialName(kind), partial(schema, false)],
    ]),
  ]);
};

/** An object with `executionType` and `triggerMetadata` as it is for one kind. */
export const ofKind = (schema: Schema, kind: string, metadata: Schema): Schema => {
  const { executionType: _, triggerMetadata: __, ...members } = membersOf(schema);
  const executionType = { type: 'string', const: kind };
  return {
    ...schema,
    properties: { ...members, executionType, triggerMetadata: metadata },
  };
};

/** Metadata that has members without a default cannot be left out as a whole. */
export const requiring = (schema: Schema, metadata: Schema): Schema =>
  requiredOf(metadata).length > 0 && !requiredOf(schema).includes('triggerMetadata')
    ? { ...schema, required: [...requiredOf(schema), 'triggerMetadata'] }
    : schema;
