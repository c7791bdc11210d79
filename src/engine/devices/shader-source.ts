/** A layer's GLSL around what a person wrote, and the compiler's complaints back in the person's lines. */
import type { Issue } from '../../base.ts';
import type { Shader, ShaderInput } from '../../crdt/score.ts';

export const VERTEX = `#version 300 es
precision highp float;
in vec2 aPosition;
out vec2 tuttiUv;
void main() {
  tuttiUv = aPosition * 0.5 + 0.5;
  gl_Position = vec4(aPosition, 0.0, 1.0);
}
`;

/** Names that our own half of the program, or GLSL, has taken. */
const TAKEN = new Set([
  'time',
  'resolution',
  'render',
  'main',
  'uv',
  'finalColor',
  'aPosition',
  'input',
  'output',
  'in',
  'out',
  'float',
  'int',
  'if',
  'for',
  'do',
  'discard',
  'return',
]);

/** Letters, digits, single underscores; what is longer or otherwise made never reaches the compiler [DV9]. */
export const isUniformName = (name: string): boolean =>
  /^[A-Za-z](?:_?[A-Za-z0-9]){0,31}$/.test(name) && !TAKEN.has(name) && !/^(?:gl_|tutti|videos?_)/i.test(name);

export const inputsOf = (shader: Shader): readonly ShaderInput[] =>
  shader.inputs.filter((input) => isUniformName(input.name)).slice(0, INPUTS_MAX);
const INPUTS_MAX = 64;
const SOURCE_MAX = 32 * 1024;

/** Of the video pits that it asks for by `video_<word>(uv)`: their words, by which they are named here. */
export function videosOf({ source }: Shader): readonly string[] {
  const found = plain(source).matchAll(/\bvideos?_([A-Za-z0-9]+(?:_[A-Za-z0-9]+)*)\b/g);
  return [...new Set([...found].map(([, word = '']) => word))].slice(0, VIDEOS_MAX);
}
/** The word of a pit's key as shaders can write it. */
export const videoWord = (key: string): string => key.replace(/[^A-Za-z0-9]+/g, '_').replace(/^_|_$/g, '');
const VIDEOS_MAX = 4;
const plain = (source: string): string => source.replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '');

/** Tiles stand row by row from the top, `uv` from the bottom; of a sender that there is not, black. */
const videoIn = (word: string, i: number): string =>
  [
    `uniform sampler2D tuttiVideo${i};`,
    `uniform float videos_${word};`,
    `vec4 video_${word}(vec2 uv) { return vec4(texture(tuttiVideo${i}, vec2(uv.x, 1.0 - uv.y)).rgb, 1.0); }`,
    `vec4 video_${word}(vec2 uv, int who) {`,
    `  int tuttiCount = int(videos_${word});`,
    '  if (who < 0 || who >= tuttiCount) return vec4(0.0, 0.0, 0.0, 1.0);',
    '  int tuttiColumns = int(ceil(sqrt(float(tuttiCount))));',
    '  int tuttiRows = (tuttiCount + tuttiColumns - 1) / tuttiColumns;',
    '  vec2 tuttiCell = vec2(float(who % tuttiColumns), float(who / tuttiColumns)) + vec2(clamp(uv.x, 0.0, 1.0), 1.0 - clamp(uv.y, 0.0, 1.0));',
    `  return vec4(texture(tuttiVideo${i}, tuttiCell / vec2(float(tuttiColumns), float(tuttiRows))).rgb, 1.0);`,
    '}',
  ].join('\n');

/** `source` is the body of `vec4 render(vec2 uv)`, or whole functions of which one is `render`. uv: 0,0 at the bottom left to 1,1. */
export function composeFragment(shader: Shader): { readonly fragment: string } | { readonly issue: Issue } {
  if (shader.source.length > SOURCE_MAX)
    return { issue: { message: `Shader “${shader.name}” is longer than ${SOURCE_MAX} characters.`, where: shader.id } };
  const isWhole = /\bvec4\s+render\s*\(/.test(plain(shader.source));
  const source = isWhole ? `#line 1\n${shader.source}` : `vec4 render(vec2 uv) {\n#line 1\n${shader.source}\n}`;
  const fragment = [
    '#version 300 es',
    'precision highp float;',
    'in vec2 tuttiUv;',
    'out vec4 finalColor;',
    'uniform float time;',
    'uniform vec2 resolution;',
    'uniform float tuttiOpacity;',
    ...inputsOf(shader).map((input) => `uniform float ${input.name};`),
    ...videosOf(shader).map(videoIn),
    source,
    'void main() {',
    '  vec4 tuttiColor = clamp(render(tuttiUv), 0.0, 1.0);',
    '  float tuttiAlpha = tuttiColor.a * tuttiOpacity;',
    '  finalColor = vec4(tuttiColor.rgb * tuttiAlpha, tuttiAlpha);',
    '}',
    '',
  ].join('\n');
  return { fragment };
}

/** log: what the compiler said; a line past the end is a bracket missing at the end. */
export function shaderIssue(shader: Shader, log: string): Issue {
  const match = /ERROR:\s*\d+:(\d+):\s*([^\n\0]*)/.exec(log) ?? /\d+:(\d+)\(\d+\):\s*([^\n\0]*)/.exec(log);
  const lines = shader.source.split('\n').length;
  const said = (match?.[2] ?? log.split('\n')[0] ?? '').trim().slice(0, 160) || 'it does not compile';
  const line = match ? Math.min(Math.max(Number(match[1]), 1), lines) : undefined;
  const place = line === undefined ? '' : `, line ${line}`;
  return { message: `Shader “${shader.name}”${place}: ${said}. The last good version goes on.`, where: shader.id };
}
