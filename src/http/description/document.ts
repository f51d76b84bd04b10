export type Schema = Readonly<Record<string, unknown>>;

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
}

export interface Media {
  readonly schema?: Schema;
  readonly example?: unknown;
  readonly examples?: Readonly<
    Record<string, { readonly summary?: string; readonly value: unknown }>
  >;
}
export type Content = Readonly<Record<string, Media>>;

export interface Response {
  readonly $ref?: string;
  readonly description?: string;
  readonly headers?: Readonly<Record<string, Schema>>;
  readonly content?: Content;
}

export interface RequestBody {
  readonly required?: boolean;
  readonly description?: string;
  readonly content: Content;
}

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: RequestBody;
  readonly responses: Readonly<Record<string, Response>>;
}

export type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

export interface Components {
  readonly schemas: Readonly<Record<string, Schema>>;
  readonly responses?: Readonly<Record<string, Response>>;
  readonly [part: string]: unknown;
}

/** As much of OpenAPI 3.1 as this server says of itself. */
export interface ApiDocument {
  readonly info: { readonly title: string; readonly description?: string };
  readonly tags?: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Paths;
  readonly components: Components;
  readonly [part: string]: unknown;
}

/** Each operation in its place, made anew. */
export const mapOperations = (
  paths: Paths,
  change: (operation: Operation, method: string, path: string) => Operation,
): Paths =>
  Object.fromEntries(
    Object.entries(paths).map(([path, methods]) => [
      path,
      Object.fromEntries(
        Object.entries(methods).map(([method, operation]) => [
          method,
          change(operation, method, path),
        ]),
      ),
    ]),
  );
