import { describe, expect, it } from 'vitest';
import { flicks } from '../../../../src/base.ts';
import type { Shader } from '../../../../src/crdt/score.ts';
import { createFrameBudget } from '../../../../src/engine/devices/frame-budget.ts';
import { composeFragment, inputsOf, isUniformName, shaderIssue } from '../../../../src/engine/devices/shader-source.ts';

const shader = (source: string, names: readonly string[] = []): Shader => ({
  kind: 'process',
  type: 'shader',
  id: 's',
  key: 's',
  name: 'Sky',
  policies: {},
  interval: 'i',
  rank: 'a',
  isLooping: false,
  loopDuration: flicks(1),
  startOffset: flicks(0),
  source,
  inputs: names.map((name) => ({ name, min: 0, max: 1, value: 0 })),
});
const fragment = (source: string, names: readonly string[] = []): string => {
  const composed = composeFragment(shader(source, names));
  return 'fragment' in composed ? composed.fragment : '';
};

describe('shader source', () => {
  it('[DV9] only plain names become inputs', () => {
    expect(['level', 'a1', 'two_words'].every(isUniformName)).toBe(true);
    for (const name of ['', '1a', 'a b', 'a;', 'gl_x', 'a__b', 'time', 'main', 'tuttiUv', 'a}void main(){', 'x'.repeat(40), '__proto__'])
      expect(isUniformName(name), name).toBe(false);
    expect(inputsOf(shader('', ['good', 'b;ad']))).toHaveLength(1);
    expect(fragment('', ['b;ad'])).not.toContain('b;ad');
  });
  it('a body is wrapped, whole functions are taken as they are, a commented one is no function', () => {
    expect(fragment('return vec4(1.0);')).toContain('vec4 render(vec2 uv) {\n#line 1\nreturn');
    expect(fragment('vec4 render(vec2 p) { return vec4(1.0); }')).toContain('#line 1\nvec4 render(vec2 p)');
    expect(fragment('// vec4 render(vec2 p)\nreturn vec4(1.0);')).toContain('vec4 render(vec2 uv) {');
  });
  it('a source beyond all measure is refused', () => {
    expect(composeFragment(shader('x'.repeat(40_000)))).toHaveProperty('issue');
  });
  it('[DV10] complaints name the line of the person’s text', () => {
    expect(shaderIssue(shader('a\nb\nc'), "ERROR: 0:2: 'q' : undeclared identifier\nERROR: 0:3: more\0").message).toBe(
      "Shader “Sky”, line 2: 'q' : undeclared identifier. The last good version goes on.",
    );
    expect(shaderIssue(shader('a'), 'ERROR: 0:9: syntax error').message).toContain('line 1');
    expect(shaderIssue(shader('a'), '').message).toContain('does not compile');
  });
});

describe('a frame budget', () => {
  it('[DV10] slow frames in a row lower the resolution, single ones do not', () => {
    const budget = createFrameBudget();
    expect([60, 60, 60, 10, 60, 60, 60].map(budget.spend)).toEqual(Array(7).fill('keep'));
    expect(budget.spend(60)).toBe('lower');
    expect(budget.scale).toBeCloseTo(0.707, 3);
    for (let i = 0; i < 100; i++) budget.spend(60);
    expect(budget.scale).toBe(1 / 8);
  });
  it('[DV10] hopeless frames take the layer off', () => {
    const budget = createFrameBudget();
    expect([600, 10, 600, 700].map(budget.spend)).toEqual(['keep', 'keep', 'keep', 'off']);
  });
});
