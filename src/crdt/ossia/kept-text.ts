import type { Opaque } from '../score.ts';
import type { Value } from '../value.ts';
import { at, idAt } from './access.ts';
import { portsIn } from './ports.ts';
import { toForeign } from './shape.ts';
import { toValue } from './values.ts';

/** What a person wrote into a process that is kept, or where it lies. */
export interface KeptText {
  /** The key that ossia keeps it under, as “Fragment”. */
  readonly name: string;
  readonly text: string;
}

/** Programs (ISF, Faust, Javascript, JSFX, C++ ...), then names of files and plug-ins. Source: score's plug-ins. */
const KEYS = [
  ...['Fragment', 'Vertex', 'Compute', 'Text', 'Script', 'Ui'],
  ...['Path', 'File', 'FilePath', 'Effect', 'PluginPath', 'PluginId', 'Root'],
];

/** Ordered as above; what is empty is left out. */
export function keptTexts({ foreign }: Pick<Opaque, 'foreign'>): readonly KeptText[] {
  const json = toForeign(foreign);
  return KEYS.flatMap((name): KeptText[] => {
    const text = at(json, name);
    return typeof text !== 'string' || text.trim() === '' ? [] : [{ name, text }];
  });
}

/** What its controls stand at, by the numbers of their inlets. */
export const keptValues = ({ foreign }: Pick<Opaque, 'foreign'>): ReadonlyMap<number, Value> =>
  new Map(
    portsIn(toForeign(foreign)).flatMap(({ path, json, isNested }) => {
      const [id, value] = [idAt(json, 'id'), toValue(at(json, 'Value'))];
      return isNested || path.startsWith('>') || id === undefined || value === undefined ? [] : [[id, value] as const];
    }),
  );
