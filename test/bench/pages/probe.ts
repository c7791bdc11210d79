/** How the benchmark looks into a page, ours or stock. */
export interface Probe {
  /** Other pages that this one is linked with. */
  links(): number;
  /** Before the first edit. */
  begin(): void;
  edit(title: string): void;
  /** Whenever the document changed. */
  onTitle(f: (title: string) => void): void;
}

/** What the pages of the benchmark keep. */
export interface Counted {
  sends: number;
  bytes: number;
  /** ms of the machine's own clock at which a title was first seen. */
  seen: Record<string, number>;
  /** ms after the page began to load. */
  wholeAt?: number;
}

declare global {
  interface Window {
    probe?: Probe;
    counted: Counted;
  }
}
