/**
 * The one place where a mistake of ours ends: a broken invariant stops the message or the part of a turn in which it
 * showed, is said once, and the performance goes on.
 */
export type Containment = <T>(what: string, f: () => T) => T | undefined;

/** report: a sentence for the person, once for each `what`. */
export function createContainment(report: (message: string) => void): Containment {
  const said = new Set<string>();
  return (what, f) => {
    try {
      return f();
    } catch (error) {
      if (!said.has(what)) {
        said.add(what);
        const reason = error instanceof Error ? error.message : String(error);
        report(`A mistake of Tutti’s own, in ${what}: ${reason}. The performance goes on; please report it.`);
      }
      return undefined;
    }
  };
}
