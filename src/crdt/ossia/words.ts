/**
 * ossia keeps comments as HTML; only their words are shown here. Read in one pass: a comment comes from a stranger, and no
 * part of it is looked at twice.
 */
const HTML_LENGTH_MAX = 256 * 1024;
const HIDDEN = /^(?:style|head|script)\b/i;
const BREAK = /^(?:br\s*\/?|\/p)$/i;

export function wordsOf(html: string): string {
  const source = html.slice(0, HTML_LENGTH_MAX);
  const closing = /<\/(?:style|head|script)>/gi;
  let isClosed = true;
  const parts: string[] = [];
  for (let at = 0; at < source.length;) {
    const open = source.indexOf('<', at);
    const close = open < 0 ? -1 : source.indexOf('>', open);
    if (close < 0) {
      parts.push(source.slice(at));
      break;
    }
    parts.push(source.slice(at, open));
    const tag = source.slice(open + 1, Math.min(close, open + 16));
    at = close + 1;
    if (BREAK.test(tag)) parts.push('\n');
    if (!isClosed || !HIDDEN.test(tag)) continue;
    closing.lastIndex = at;
    isClosed = closing.test(source);
    if (isClosed) at = closing.lastIndex;
  }
  return parts
    .join('')
    .replace(/&(lt|gt|amp|quot|nbsp|#39);/g, (_, name: string) => ENTITIES[name] ?? '')
    .trim();
}
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', nbsp: ' ', '#39': "'" };

export const htmlOf = (text: string): string =>
  `<html><body>${text
    .split('\n')
    .map((line) => `<p>${line.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')}</p>`)
    .join('')}</body></html>`;
