import type { Parameter } from '../../engine/device.ts';

/** A place in the tree of a device: a folder, an address, or both. */
export interface DeviceNode {
  /** What stands between the slashes; of folders that hold one thing only, their names together: `front/level`. */
  readonly name: string;
  /** From the device on, as `/front/level`. */
  readonly path: string;
  readonly parameter: Parameter | undefined;
  /** In order of their names, numbers by size. */
  readonly children: readonly DeviceNode[];
  /** Addresses in it. */
  readonly count: number;
}

interface Growing {
  parameter: Parameter | undefined;
  readonly children: Map<string, Growing>;
}
const order = new Intl.Collator('en', { numeric: true });

/** The tree of a device's addresses, its name cut off; the root has no name. */
export function treeOf(parameters: readonly Parameter[], device: string): DeviceNode {
  const root: Growing = { parameter: undefined, children: new Map() };
  for (const parameter of parameters) {
    let node = root;
    for (const name of parameter.address
      .slice(device.length + 1)
      .split('/')
      .filter(Boolean)) {
      const next: Growing = node.children.get(name) ?? { parameter: undefined, children: new Map() };
      node.children.set(name, next);
      node = next;
    }
    node.parameter = parameter;
  }
  return toNode('', '', root);
}

function toNode(name: string, path: string, { parameter, children }: Growing): DeviceNode {
  const only = children.size === 1 && !parameter && name !== '' ? [...children][0] : undefined;
  if (only) return toNode(`${name}/${only[0]}`, `${path}/${only[0]}`, only[1]);
  const nodes = [...children].map(([part, child]) => toNode(part, `${path}/${part}`, child)).sort((a, b) => order.compare(a.name, b.name));
  return { name, path, parameter, children: nodes, count: nodes.reduce((sum, { count }) => sum + count, parameter ? 1 : 0) };
}

/** Trees of lists that did not change, by device. */
const trees = new WeakMap<readonly Parameter[], { readonly device: string; readonly tree: DeviceNode }>();
export function rememberedTree(parameters: readonly Parameter[], device: string): DeviceNode {
  const known = trees.get(parameters);
  if (known?.device === device) return known.tree;
  const tree = treeOf(parameters, device);
  trees.set(parameters, { device, tree });
  return tree;
}

/** Those in which all these words occur: in address, unit, type, description or tags. */
export function found(parameters: readonly Parameter[], text: string): readonly Parameter[] {
  const known = finds.get(parameters);
  if (known?.text === text) return known.list;
  const list = search(parameters, text);
  finds.set(parameters, { text, list });
  return list;
}

/** What was looked for last, of lists that did not change. */
const finds = new WeakMap<readonly Parameter[], { readonly text: string; readonly list: readonly Parameter[] }>();
function search(parameters: readonly Parameter[], text: string): readonly Parameter[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return parameters;
  return parameters.filter(({ address, type, unit = '', description = '', tags = [] }) => {
    const all = `${address} ${type} ${unit} ${description} ${tags.join(' ')}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
}
