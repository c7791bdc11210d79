/** A JSON object with a type, of which nothing else is known yet. */
export interface Message {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** undefined when the text is not a JSON object with a type, or is nested deeper than `depthMax`. */
export function parseMessage(text: string, depthMax: number): Message | undefined {
  const value = parseJson(text);
  return isMessage(value) && isShallow(value, depthMax) ? value : undefined;
}

const isMessage = (value: unknown): value is Message =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

/** What is nested without end parses, but cannot be printed again: the stack would overflow. */
function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((child) => isShallow(child, depth - 1));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
