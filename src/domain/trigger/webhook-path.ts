/** The one spelling under which a webhook path is looked up: a leading slash makes no difference. */
export const webhookKey = (path: string): string => (path.startsWith('/') ? path.slice(1) : path);
