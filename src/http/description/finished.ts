import type { SignatureSchemes } from '../../signatures/index.ts';
import type { TriggerKinds } from '../../triggers/index.ts';
import type { Scope } from '../principal.ts';
import { tags } from './about.ts';
import { defaultsInWords } from './defaults.ts';
import { type ApiDocument, type Components, mapOperations, type RequestBody } from './document.ts';
import { described } from './operation.ts';
import { Problem, refusals, WebhookRefusal } from './problem-answers.ts';
import { tidied } from './references.ts';
import { withKinds } from './trigger-forms.ts';

type Schemas = Components['schemas'];

export interface Catalogues {
  readonly kinds: TriggerKinds;
  readonly schemes: SignatureSchemes;
  /** The right an operation asks for; undefined: it is public. */
  readonly scopeOf: (operationId: string) => Scope | undefined;
}

/** What the generator made of the routes' schemas, with all that these do not say. */
export const finished = (
  raw: ApiDocument,
  { kinds, schemes, scopeOf }: Catalogues,
): ApiDocument => {
  const { schemas } = raw.components;
  const whole: ApiDocument = {
    ...raw,
    servers: [{ url: '/', description: 'This server.' }],
    tags,
    components: {
      ...raw.components,
      responses: refusals,
      schemas: { ...schemas, Problem, WebhookRefusal },
    },
    paths: mapOperations(raw.paths, (operation, method) =>
      described(operation, method, scopeOf(operation.operationId)),
    ),
  };
  const document = tidied(withKinds(tidied(whole), kinds, schemes));
  const { components, paths } = document;
  return {
    ...document,
    components: { ...components, schemas: defaultsInWords(components.schemas) as Schemas },
    paths: mapOperations(paths, (operation) => ({
      ...operation,
      ...(operation.requestBody && {
        requestBody: defaultsInWords(operation.requestBody) as RequestBody,
      }),
    })),
  };
};
