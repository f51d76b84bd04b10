import { createHash } from 'node:crypto';

export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** Sentences as the API's description writes them: code in backquotes, nothing else. */
export const prose = (text: string): string =>
  escaped(text).replace(/`([^`]+)`/g, (_, code: string) => `<code>${code}</code>`);

const style = `:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;margin:0;color:#222;background:#fff}
main{max-width:56rem;margin:0 auto;padding:1rem 1.5rem 6rem}
nav{border-bottom:1px solid #ccc;padding:.5rem 1.5rem;position:sticky;top:0;background:#fff}
nav a{margin-right:1rem;white-space:nowrap}
code,pre{font:14px/1.45 ui-monospace,monospace}
pre{background:#f5f5f5;padding:.75rem;overflow:auto;border-radius:4px}
h2{margin-top:3rem;border-bottom:1px solid #ccc}
details{margin:.25rem 0;border:1px solid #ddd;border-radius:4px;padding:.4rem .75rem}
details details{border:0;padding:0}
summary{cursor:pointer}
table{border-collapse:collapse;width:100%;margin:.5rem 0}
td,th{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #e5e5e5}
.method{display:inline-block;min-width:4.5rem;font-weight:600}
.quiet{color:#666}
@media(prefers-color-scheme:dark){body,nav{background:#111;color:#ddd}pre{background:#222}
details,td,th,h2,nav{border-color:#444}.quiet{color:#999}a{color:#8ab4f8}}`;

const styleHash = createHash('sha256').update(style).digest('base64');

/** Nothing is loaded, nothing runs; the one style sheet is allowed by its hash. */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** A whole page; it needs no other. */
export const page = (title: string, content: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title><style>${style}</style></head><body>${content}</body></html>`;

/** Rows of cells that are HTML already; nothing where there are none. */
export const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string => {
  if (rows.length === 0) return '';
  const head = heads.map((text) => `<th>${escaped(text)}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`);
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>`;
};

export const code = (text: string): string => `<code>${escaped(text)}</code>`;

export const pretty = (value: unknown): string =>
  `<pre>${escaped(JSON.stringify(value, null, 2))}</pre>`;
