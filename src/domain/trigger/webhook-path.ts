/** The one spelling under which a webhook path is looked up: a leading slash makes no difference. */
export const webhookKey = (path: string): string => (path.startsWith('/') ? path.slice(1) : path);

const segment = /^[^\s?#%\\\p{Cc}]+$/u;

/** Whether a request could ever name it: no empty, `.` or `..` segment, nothing that URLs escape. */
export const isWebhookPath = (path: string): boolean =>
  webhookKey(path)
    .split('/')
    .every((part) => part !== '.' && part !== '..' && segment.test(part));
