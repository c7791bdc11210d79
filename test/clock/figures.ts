import type { LocalTime } from '../../src/base.ts';
import { createEstimator } from '../../src/mesh/estimator.ts';
import { toMesh } from '../../src/mesh/time.ts';
import { createTrace, type Profile, samplesOf } from './traces.ts';

/** What the estimate says at one look, beside the truth; all but `at` in ms. */
export interface Figure {
  /** True time, ms. */
  readonly at: number;
  /** |error| as the two clocks are read. */
  readonly error: number;
  readonly bound: number;
  readonly spread: number;
}

const LOOK_EVERY = 50;

/** Looks at an estimator over a trace, from its first sample on. */
export function figuresOf(profile: Profile, seed: number, length: number): Figure[] {
  const trace = createTrace(profile, seed, length);
  const samples = samplesOf(trace);
  const estimator = createEstimator();
  const figures: Figure[] = [];
  let next = 0;
  for (let at = 0; at < length; at += LOOK_EVERY) {
    for (let due = samples[next]; due && due.at <= at; due = samples[++next]) estimator.add(due.sample);
    const local = trace.own(at) as LocalTime;
    const estimate = estimator.estimate(local);
    if (estimate === undefined) continue;
    const { map, bound, spread } = estimate;
    figures.push({ at, error: Math.abs(toMesh(map, local) - trace.theirs(at)), bound, spread });
  }
  return figures;
}
