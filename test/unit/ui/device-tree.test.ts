import { expect, it } from 'vitest';
import type { Parameter } from '../../../src/engine/device.ts';
import { found, rememberedTree, treeOf, type DeviceNode } from '../../../src/ui/studio/device-tree.ts';

const at = (address: string, extra: Partial<Parameter> = {}): Parameter => ({ address, type: 'number', access: 'both', ...extra });
/** `a(b c)` for a folder a with two addresses. */
const shown = ({ name, parameter, children }: DeviceNode): string =>
  `${name}${parameter ? '' : ':'}${children.length > 0 ? `(${children.map(shown).join(' ')})` : ''}`;

it('addresses stand under their folders, a folder of one thing is named with it, numbers go by size', () => {
  const tree = treeOf([at('d:/b/10/x'), at('d:/b/9/x'), at('d:/b/9/y'), at('d:/a'), at('d:/c/d/e/f')], 'd');
  expect(shown(tree)).toBe(':(a b:(9:(x y) 10/x) c/d/e/f)');
  expect(tree.count).toBe(5);
  expect(tree.children[1]!.count).toBe(3);
});

it('an address may be a folder, too', () => {
  const [node] = treeOf([at('d:/a'), at('d:/a/b'), at('d:/a/b/c')], 'd').children;
  expect([node!.path, node!.parameter?.address, node!.children[0]!.path]).toEqual(['/a', 'd:/a', '/a/b']);
  expect(node!.count).toBe(3);
});

it('the name of a device may have blanks, names of prototypes are names', () => {
  expect(shown(treeOf([at('my desk:/constructor'), at('my desk:/__proto__/x')], 'my desk'))).toBe(':(__proto__/x constructor)');
});

it('the tree of a list that did not change is the same', () => {
  const list = [at('d:/a')];
  expect(rememberedTree(list, 'd')).toBe(rememberedTree(list, 'd'));
  expect(rememberedTree([...list], 'd')).not.toBe(rememberedTree(list, 'd'));
});

it('is found by parts of address, unit, type, description and tags, all words at once', () => {
  const list = [at('d:/front/level', { unit: 'gain.dB', description: 'Dimmer' }), at('d:/back', { tags: ['stage'] }), at('d:/x')];
  const names = (text: string): string =>
    found(list, text)
      .map(({ address }) => address)
      .join(' ');
  expect(names('FRONT')).toBe('d:/front/level');
  expect(names('dimmer db')).toBe('d:/front/level');
  expect(names('stage')).toBe('d:/back');
  expect(names('front stage')).toBe('');
  expect(names('  ')).toBe('d:/front/level d:/back d:/x');
});

it('what was found is the same as long as the list and the words are', () => {
  const list = [at('d:/qq'), at('d:/zz')];
  expect(found(list, 'qq')).toBe(found(list, 'qq'));
  expect(found(list, 'zz')).toEqual([list[1]]);
  expect(found(list, 'qq')).toEqual([list[0]]);
});
