import type { FormulaError } from './formula-tree.ts';

export interface Token {
  readonly type: 'number' | 'name' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
}

/** Blanks and the comments that ExprTK knows: `// …`, `# …`, and those between `/*` and its mirror. */
const SKIPPED = /(?:\s+|\/\/[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const TOKEN =
  /((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|([A-Za-z_][A-Za-z0-9_.]*)|(:=|\+=|-=|\*=|\/=|%=|<=|>=|==|!=|<>|&&|\|\||[-+*/%^<>=!&|?:;,(){}[\]])/y;

/** The last one is an `end` behind the text. */
export function tokensOf(text: string): readonly Token[] | FormulaError {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    SKIPPED.lastIndex = at;
    if (SKIPPED.test(text)) at = SKIPPED.lastIndex;
    if (at >= text.length) return [...tokens, { type: 'end', text: '', at: text.length }];
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (!match) return { message: `“${String.fromCodePoint(text.codePointAt(at)!)}” means nothing here`, at };
    tokens.push({ type: match[1] !== undefined ? 'number' : match[2] !== undefined ? 'name' : 'sign', text: match[0], at });
    at += match[0].length;
  }
}
