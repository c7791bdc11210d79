/** How the benchmark looks into a page, ours or stock. */
export interface Probe {
  /** Other pages that this one is linked with. */
  links(): number;
  /** Before the first edit. */
  begin(): void;
  edit(title: string): void;
  /** Takes a `.tutti` file as the score; returns bytes of the document, Yjs format 2, or 0 where that cannot be told. */
  load(text: string): number;
  /** Whenever the document changed. */
  onTitle(f: (title: string) => void): void;
}

/** What the pages of the benchmark keep. */
export interface Counted {
  sends: number;
  bytes: number;
  /** ms of the machine's own clock at which a title was first seen. */
  seen: Record<string, number>;
  /** ms after the page began to load: linked with all it was to be linked with. */
  wholeAt?: number;
  /** Likewise: linked with the first. */
  linkedAt?: number;
  /** Likewise: the score that was waited for is here. */
  loadedAt?: number;
}

declare global {
  interface Window {
    probe?: Probe;
    counted: Counted;
  }
}
