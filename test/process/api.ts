import type { Server } from './server-process.ts';

export interface Document {
  readonly [member: string]: unknown;
  readonly id?: unknown;
  readonly next?: unknown;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: Document;
}

/** The management API as one workspace's owner uses it. */
export interface Api {
  readonly workspace: string;
  /** Rejects unless the answer is a success. */
  ask(method: string, path: string, body?: unknown): Promise<Document>;
  answer(method: string, path: string, body?: unknown): Promise<ApiAnswer>;
  /** All pages of a list. */
  list(path: string, member: string): Promise<Document[]>;
  webhookUrl(path: string): string;
}

/** The workspace a token is good for. */
export const workspaceOf = (token: string): string => {
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  return String(claims.workspace ?? claims.workspaces?.[0]);
};

export const apiOf = ({ url, token }: Pick<Server, 'url' | 'token'>): Api => {
  const workspace = workspaceOf(token);
  const base = `${url}/workspace/${workspace}/api/v1`;

  const answer: Api['answer'] = async (method, path, body) => {
    const response = await fetch(`${base}/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
  };
  const ask: Api['ask'] = async (method, path, body) => {
    const { status, body: document } = await answer(method, path, body);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(document)}`);
    return document;
  };
  return {
    workspace,
    answer,
    ask,
    webhookUrl: (path) => `${base}/webhook/${path}`,
    async list(path, member) {
      const all: Document[] = [];
      let cursor: unknown = null;
      do {
        const separator = path.includes('?') ? '&' : '?';
        const after =
          cursor === null ? '' : `${separator}after=${encodeURIComponent(String(cursor))}`;
        const page = await ask('GET', `${path}${after}`);
        all.push(...(page[member] as Document[]));
        cursor = page.next ?? null;
      } while (cursor !== null);
      return all;
    },
  };
};
