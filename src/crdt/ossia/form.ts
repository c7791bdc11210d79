import type { ProcessType } from '../score.ts';
import type { Json } from './json.ts';
import type { ControlCodec, Part } from './part.ts';
import type { PortPlace } from './ports.ts';

/** How a type of process is written in an ossia file. */
export interface Form {
  readonly type: ProcessType;
  /** The first is the one that export writes. */
  readonly uuids: readonly string[];
  readonly objectName: string;
  /** What ossia calls it. */
  readonly label: string;
  /** What a new one has besides what every process has. */
  readonly template: Readonly<Record<string, Json>>;
  readonly parts: readonly Part[];
  /** Where cables may end; the name is Tutti's. inner: a port inside of that port. */
  readonly ports: readonly FormPort[];
  /** What is not the same as there, said once for each. */
  readonly caveat?: string;
}

export interface FormPort {
  readonly place: PortPlace;
  readonly inner?: string;
  readonly name: string;
  /** Where ossia counts otherwise: what states set it to. */
  readonly codec?: ControlCodec;
}
