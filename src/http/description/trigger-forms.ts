import type { SignatureSchemes } from '../../signatures/index.ts';
import type { TriggerKinds } from '../../triggers/index.ts';
import { type ApiDocument, mapOperations, type Operation, type Schema } from './document.ts';
import {
  changesName,
  kindSchemas,
  metadataName,
  ofKind,
  partialName,
  pascal,
  requiring,
} from './kind-schemas.ts';
import { refTo } from './references.ts';

type Named = Readonly<Record<string, Schema>>;

/** One schema per kind of trigger in place of one that says nothing about any. */
const eachKind = (
  kinds: TriggerKinds,
  name: (kind: string) => string,
  schemaFor: (kind: string) => Schema,
): { readonly named: Named; readonly either: Schema } => {
  const all = [...kinds.keys()];
  return {
    named: Object.fromEntries(all.map((kind) => [name(kind), schemaFor(kind)])),
    either: {
      oneOf: all.map((kind) => refTo(name(kind))),
      discriminator: {
        propertyName: 'executionType',
        mapping: Object.fromEntries(all.map((kind) => [kind, refTo(name(kind)).$ref])),
      },
    },
  };
};

/** Where the kind may be left out, what is there fits one of them. */
const anyKind = (
  kinds: TriggerKinds,
  schema: Schema,
  metadata: (kind: string) => string,
): Schema => ({
  anyOf: [...kinds.keys()].map((kind) => ofKind(schema, kind, refTo(metadata(kind)))),
});

const bodyOf = (document: ApiDocument, operationId: string): Schema => {
  const operation = Object.values(document.paths)
    .flatMap((methods) => Object.values(methods))
    .find((found) => found.operationId === operationId);
  return operation?.requestBody?.content['application/json']?.schema ?? {};
};

const withBody = (operation: Operation, schema: Schema | undefined): Operation =>
  schema === undefined
    ? operation
    : {
        ...operation,
        requestBody: {
          ...operation.requestBody,
          content: { 'application/json': { schema } },
        },
      };

/** Says of each kind of trigger what its metadata may hold, wherever triggers are sent or answered. */
export const withKinds = (
  document: ApiDocument,
  kinds: TriggerKinds,
  schemes: SignatureSchemes,
): ApiDocument => {
  const { schemas } = document.components;
  const own = kindSchemas(kinds, schemes);
  const answered = (name: string) => (kind: string) =>
    ofKind(schemas[name] ?? {}, kind, refTo(metadataName(kind)));
  const create = bodyOf(document, 'createTrigger');
  const created = eachKind(
    kinds,
    (kind) => `New${pascal(kind)}Trigger`,
    (kind) =>
      requiring(ofKind(create, kind, refTo(metadataName(kind))), own[metadataName(kind)] ?? {}),
  );
  const triggers = eachKind(kinds, (kind) => `${pascal(kind)}Trigger`, answered('FunctionTrigger'));
  const versions = eachKind(
    kinds,
    (kind) => `${pascal(kind)}TriggerVersion`,
    answered('FunctionTriggerVersion'),
  );
  const bodies: Named = {
    createTrigger: refTo('NewFunctionTrigger'),
    updateTrigger: anyKind(kinds, bodyOf(document, 'updateTrigger'), changesName),
    createDraft: anyKind(kinds, bodyOf(document, 'createDraft'), partialName),
    updateDraft: anyKind(kinds, bodyOf(document, 'updateDraft'), partialName),
  };
  return {
    ...document,
    paths: mapOperations(document.paths, (operation) =>
      withBody(operation, bodies[operation.operationId]),
    ),
    components: {
      ...document.components,
      schemas: {
        ...schemas,
        ...own,
        ...created.named,
        ...triggers.named,
        ...versions.named,
        NewFunctionTrigger: created.either,
        FunctionTrigger: triggers.either,
        FunctionTriggerVersion: versions.either,
        FunctionTriggerDraft: anyKind(kinds, schemas['FunctionTriggerDraft'] ?? {}, partialName),
      },
    },
  };
};
