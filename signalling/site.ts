import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';

/** Answers plain HTTP: the built app, and two small JSON pages. */
export type Site = (request: IncomingMessage, response: ServerResponse) => void;

export interface SiteOptions {
  /** Folder of the built app; default: where `npm run build` puts it. */
  readonly root?: string | undefined;
  readonly isTest: boolean;
  /** What /healthz adds to `status`. */
  health(): object;
}

/** One level above both `signalling/` and `dist/server/`. */
const ABOVE = join(dirname(fileURLToPath(import.meta.url)), '..');
const ROOTS = [join(ABOVE, 'dist/app'), join(ABOVE, 'app')];

export const VERSION = readVersion();

/**
 * Isolation gives pages a clock of 5 µs. Blobs are what Tone's ticker and pixi's loaders make workers of; styles are
 * inline in Svelte's transitions and in pixi's accessibility layer; nothing is ever evaluated.
 */
const HEADERS: Readonly<Record<string, string>> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': [
    "default-src 'self'",
    "script-src 'self'",
    "worker-src 'self' blob:",
    "connect-src 'self' ws: wss: data: blob:",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' data: blob:",
    "font-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join('; '),
};

/** [SG9] [SG10] */
export function createSite({ root = ROOTS.find((folder) => existsSync(folder)), isTest, health }: SiteOptions): Site {
  const files = root !== undefined && existsSync(root) ? sirv(root, { etag: true, gzip: true, setHeaders: setCaching }) : undefined;

  return (request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    const path = request.url?.split('?')[0];
    if (request.method !== 'GET' && request.method !== 'HEAD') answer(response, 405, 'text/plain', 'Only GET and HEAD.\n');
    else if (path === '/healthz') answerJson(response, { status: 'ok', version: VERSION, ...health() });
    else if (path === '/config.json') answerJson(response, { isTest, version: VERSION });
    else if (files === undefined) answer(response, 503, 'text/plain', 'The app is not built: run "npm run build".\n');
    else files(request, response, () => answer(response, 404, 'text/plain', 'Not here.\n'));
  };
}

/** Built assets carry a hash in their names and so never change; pages are asked for anew. */
function setCaching(response: ServerResponse, path: string): void {
  response.setHeader('Cache-Control', path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
}

const answerJson = (response: ServerResponse, value: object): void => answer(response, 200, 'application/json', JSON.stringify(value));

function answer(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': 'no-store' });
  response.end(text);
}

function readVersion(): string {
  const path = [join(ABOVE, 'package.json'), join(ABOVE, '../package.json')].find((candidate) => existsSync(candidate));
  const found: unknown = path === undefined ? undefined : JSON.parse(readFileSync(path, 'utf8'));
  const hasVersion = typeof found === 'object' && found !== null && 'version' in found && typeof found.version === 'string';
  return hasVersion ? (found.version as string) : 'unknown';
}
