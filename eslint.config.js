import { defineConfig } from 'eslint/config';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** Runs in the simulator's virtual time as well: time, chance, threads and the outside come through ports only. */
const CORE = ['src/**/*.ts', 'signalling/{room,companion,gate,message,limits,utc}.ts'];
const EDGES = ['src/**/*.{browser,node}.ts', 'src/**/*.d.ts', 'src/ui/**', 'src/main.ts', 'src/headless.ts'];

const OUTSIDE = ['console', 'fetch', 'performance', 'process', 'crypto', 'document', 'window', 'navigator', 'localStorage'];
const TIMERS = ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval', 'setImmediate', 'queueMicrotask', 'requestAnimationFrame'];
const outside = (name) => ({ name, message: 'The core knows no machine: take it from a port.' });

const coreRules = {
  'no-restricted-globals': ['error', { name: 'Date', message: 'Take the time from Clock.' }, ...[...OUTSIDE, ...TIMERS].map(outside)],
  'no-restricted-properties': ['error', { object: 'Math', property: 'random', message: 'Take chance from Random.' }],
  'no-restricted-syntax': [
    'error',
    { selector: ':function[async=true]', message: 'The core is synchronous: a call runs to completion.' },
    { selector: 'AwaitExpression, ForOfStatement[await=true]', message: 'The core is synchronous: a call runs to completion.' },
    { selector: 'NewExpression[callee.name="Promise"]', message: 'The core is synchronous: a call runs to completion.' },
    { selector: 'Program > ExportDefaultDeclaration', message: 'Exports have names.' },
  ],
};

export default defineConfig(
  { ignores: ['dist/', 'coverage/', 'node_modules/', 'test-results/', 'test/fixtures/'] },
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  tseslint.configs.strict,
  tseslint.configs.stylistic,
  svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      eqeqeq: 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'max-lines': ['error', 400],
      'prefer-const': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Expressions such as `isClosed || f()` are a habit of this house.
      '@typescript-eslint/no-unused-expressions': ['error', { allowShortCircuit: true, allowTernary: true }],
      // `void set.add(x)` says that a result is not wanted, `undefined | void` that either may be returned.
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      // Both notations of the dictionary access are checked by the compiler.
      '@typescript-eslint/dot-notation': 'off',
      // With noUncheckedIndexedAccess an index is never known to exist, also where a loop or a length proves it.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/prefer-for-of': 'off',
      '@typescript-eslint/no-this-alias': 'off',
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
    },
  },
  {
    files: ['**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', { selector: 'Program > ExportDefaultDeclaration', message: 'Exports have names.' }] },
  },
  { files: ['**/*.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['test/**'], rules: { '@typescript-eslint/no-dynamic-delete': 'off' } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.svelte'] } },
    rules: {
      'prefer-const': 'off',
      'svelte/prefer-const': ['error', { destructuring: 'all' }],
      // What is only remembered between two events need not be reactive.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  // The QR code is an SVG that uqr draws from the room's own link.
  { files: ['src/ui/studio/share-dialog.svelte'], rules: { 'svelte/no-at-html-tags': 'off' } },
  { files: CORE, ignores: EDGES, rules: coreRules },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
