import { describe, expect, it } from 'vitest';
import { compilePattern, isPattern, matches } from '../../../src/engine/pattern.ts';

describe('patterns of addresses', () => {
  it.each([
    ['osc:/foo/bar', 'osc:/foo/bar', true],
    ['osc:/foo/bar', 'osc:/foo', false],
    ['osc:/foo/bar*', 'osc:/foo/bar.100', true],
    ['osc:/foo/bar*', 'osc:/foo/bar/x', false],
    ['osc:/*/level', 'osc:/sub.1/level', true],
    ['osc:/*/level', 'osc:/a/b/level', false],
    ['osc:/*', 'osc:/', false],
    ['osc:/{foo,boo}/bar', 'osc:/boo/bar', true],
    ['osc:/{foo,boo}/bar', 'osc:/zoo/bar', false],
    ['osc:/{f*,b[a-c]}x', 'osc:/bbx', true],
    ['osc:/foo.{5..23}', 'osc:/foo.23', true],
    ['osc:/foo.{5..23}', 'osc:/foo.230', false],
    ['osc:/foo.{5..23}', 'osc:/foo.05', false],
    ['osc:/foo.{5..23..7}', 'osc:/foo.12', true],
    ['osc:/foo.{5..23..7}', 'osc:/foo.13', false],
    ['osc:/foo[a-z]', 'osc:/fooq', true],
    ['osc:/foo[!a-z]', 'osc:/fooq', false],
    ['osc:/foo[!a-z]', 'osc:/foo7', true],
    ['osc:/foo[1-5]', 'osc:/foo6', false],
    ['osc:/fo?', 'osc:/fo', true],
    ['osc:/fo?', 'osc:/fox', true],
    ['osc:/fo?', 'osc:/foxx', false],
    ['osc:/foo!', 'osc:/foo', true],
    ['osc:/foo!', 'osc:/foo.123', true],
    ['osc:/foo!', 'osc:/foo.bob', true],
    ['osc:/foo!', 'osc:/foobar', false],
    ['osc:/foo!', 'osc:/foo.', false],
    ['osc://bar', 'osc:/bar', true],
    ['osc://bar', 'osc:/foo/bar.123/bar', true],
    ['osc://bar', 'osc:/foo/bar/x', false],
    ['osc:/a//z', 'osc:/a/z', true],
    ['osc:/a//z', 'osc:/a/b/c/z', true],
    ['osc:/a/b/../c', 'osc:/a/c', true],
    ['osc://bob/../foo', 'osc:/x/foo', true],
    ['{osc,midi}:/x', 'midi:/x', true],
    ['*:/x', 'anything:/x', true],
    ['*:/x', 'anything:/y', false],
  ])('[DM5] %s means %s: %s', (pattern, address, expected) => {
    expect(matches(pattern, address)).toBe(expected);
  });

  it('[DM5] what is none is told with its place', () => {
    expect(compilePattern('osc:/a[bc')).toEqual({ message: 'This [ is not closed.', at: 6 });
    expect(compilePattern('osc:/x/{b,c')).toEqual({ message: 'This { is not closed.', at: 7 });
    expect(compilePattern('osc:/a}')).toMatchObject({ at: 6 });
    expect(compilePattern('{{{{{{{{{{{{{{{{:/x')).toMatchObject({ message: expect.stringContaining('deep') as string });
    expect(matches('osc:/a[bc', 'osc:/ab')).toBe(false);
    expect(isPattern('osc:/a.b_c-d/1')).toBe(false);
  });

  it('[DM5] a hostile pattern costs no more than its length times the name', () => {
    const pattern = `osc:/${'{a*,*a}'.repeat(60)}b`;
    expect(matches(pattern, `osc:/${'a'.repeat(400)}`)).toBe(false);
    expect(matches(`osc:${'//*'.repeat(100)}`, `osc:${'/x'.repeat(90)}`)).toBe(false);
  });
});
