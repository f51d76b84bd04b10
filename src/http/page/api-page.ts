import type { ApiDocument } from '../description/document.ts';
import { escaped, page, prose } from './html.ts';
import { operationHtml } from './operation-html.ts';
import { schemaAnchor, schemaHtml } from './schema-html.ts';

const operationsOf = ({ paths }: ApiDocument) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

const schemasHtml = ({ components }: ApiDocument): string =>
  Object.entries(components.schemas)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(
      ([name, schema]) =>
        `<h3 id="${schemaAnchor(name)}">${escaped(name)}</h3>${schemaHtml(schema)}`,
    )
    .join('');

/** The API's description for people, from the same document as for machines. */
export const apiPage = (document: ApiDocument): string => {
  const { info, tags = [], components } = document;
  const operations = operationsOf(document);
  const links = tags.map(({ name }) => `<a href="#${escaped(name)}">${escaped(name)}</a>`);
  const sections = tags.map(({ name, description }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(name));
    const list = own.map(({ path, method, operation }) =>
      operationHtml(path, method, operation, components.responses ?? {}),
    );
    return `<h2 id="${escaped(name)}">${escaped(name)}</h2><p>${prose(description)}</p>${list.join('')}`;
  });
  return page(
    `${info.title} API`,
    `<nav>${links.join('')}<a href="#schemas">schemas</a><a href="/openapi.json">openapi.json</a></nav>
<main><h1>${escaped(info.title)} API</h1><p>${prose(info.description ?? '')}</p>
${sections.join('')}<h2 id="schemas">Schemas</h2>${schemasHtml(document)}</main>`,
  );
};
