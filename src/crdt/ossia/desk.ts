import type { Flicks } from '../../base.ts';
import type { ObjectId, Score, ScoreObject } from '../score.ts';
import { codecOf, portNames, portSteps } from './cable-ends.ts';
import { knownAddress, nameHere, originalName, otherName } from './device-names.ts';
import { printJson } from './json.ts';
import type { JsonObject } from './json.ts';
import type { PolicyWriter } from './network.ts';
import type { Numbers } from './numbers.ts';
import type { Parameter, Place } from './part.ts';
import type { Reporter } from './report.ts';
import { toForeign } from './shape.ts';

/** What export works with. */
export interface Desk {
  readonly score: Score;
  readonly numbers: Numbers;
  readonly policies: PolicyWriter;
  /** States made for intervals that share one, by the scenario they lie in. */
  readonly made: Map<ObjectId, JsonObject[]>;
  /** Highest number of a state, by scenario. */
  readonly highest: Map<ObjectId, number>;
  /** What ossia will not have as it is here. */
  readonly reporter: Reporter;
}

export function placeOf({ score, numbers }: Desk, object: ScoreObject, isStart = false): Place {
  const nominal = object.kind === 'process' ? score.intervals.get(object.interval)!.nominal : (0 as Flicks);
  return {
    ...{ nominal, isStart, number: numbers.of.get(object.id) ?? 0 },
    // What is none here stays in the file as it is.
    address: (text) => knownAddress(text, otherName) ?? '',
    originally: (device) => originals(score).get(device) ?? device,
    parameterOf: (path) => parameters(score, numbers).get(printJson(path ?? null)),
    controlOf(address) {
      const match = /^process:\/([^/]+)\/([^/@]+)$/.exec(address);
      const process = match && score.processes.get(match[1]!);
      const path = process && numbers.pathOf.get(process.id);
      const steps = process && path && portSteps(process, match[2]!, 'in', numbers.foreign(process));
      return path && steps ? { path: [...path, ...steps], codec: codecOf(process, match[2]!, numbers.foreign(process)) } : undefined;
    },
    note: () => undefined,
  };
}

const named = new WeakMap<Score, ReadonlyMap<string, string>>();
/** What devices are called in the files that they came from, by their names here, where that is not the same. */
function originals(score: Score): ReadonlyMap<string, string> {
  const known = named.get(score);
  if (known) return known;
  const made = new Map<string, string>();
  for (const { name, foreign } of score.devices.values()) {
    const original = originalName(foreign === undefined ? undefined : toForeign(foreign));
    if (original !== undefined && original !== name && nameHere(original) === name) made.set(name, original);
  }
  named.set(score, made);
  return made;
}

const known = new WeakMap<Numbers, ReadonlyMap<string, Parameter>>();
/** Addresses of parameters by the paths of their ports. */
function parameters(score: Score, numbers: Numbers): ReadonlyMap<string, Parameter> {
  const made =
    known.get(numbers) ??
    new Map(
      [...score.processes.values()].flatMap((process) =>
        portNames(process).flatMap((port) => {
          const steps = portSteps(process, port, 'in', numbers.foreign(process));
          const path = numbers.pathOf.get(process.id);
          return steps && path
            ? [
                [
                  printJson([...path, ...steps]),
                  { address: `process:/${process.id}/${port}`, codec: codecOf(process, port, numbers.foreign(process)) },
                ] as const,
              ]
            : [];
        }),
      ),
    );
  known.set(numbers, made);
  return made;
}
