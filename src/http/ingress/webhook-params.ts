export interface WebhookParams {
  readonly slug: string;
  /** Decoded once; what triggers are looked up by. */
  readonly '*': string;
}

/** What senders are configured with may end in a slash; no trigger's path does. */
export const keyOf = ({ '*': path }: WebhookParams): string =>
  path.endsWith('/') ? path.slice(0, -1) : path;
