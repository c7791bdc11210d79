import { CanvasTextMetrics, Container, Text, TextStyle } from 'pixi.js';

/** Text on the stage. Texts that stay are kept as they are: only new words are rasterised. */
export interface Labels {
  readonly view: Container;
  /** All that is not put again between `begin` and `end` goes. */
  begin(): void;
  /** Shortened to `maxWidth`; not shown where less than three letters would remain, or where another label already stands. Returns the width in px, 0 if not shown. */
  put(text: string, x: number, y: number, style: LabelStyle): number;
  /** px that it takes where it is put, 0 where too little room is for it. */
  widthOf(text: string, style: LabelStyle): number;
  end(): void;
  /** Fonts arrived or the resolution changed: everything is rasterised anew. */
  reset(): void;
  close(): void;
}

export interface LabelStyle {
  readonly colour: number;
  readonly size?: number;
  readonly isMono?: boolean;
  readonly isStrong?: boolean;
  readonly alpha?: number;
  readonly maxWidth?: number;
  readonly isCentred?: boolean;
  /** Takes room from those put later and gives way to those put before. */
  readonly isExclusive?: boolean;
}

export interface Fonts {
  readonly font: string;
  readonly mono: string;
}

const LETTERS_MIN = 3;
const ELLIPSIS = '…';
/** Unused texts kept for the next scroll. */
const SPARE_MAX = 300;

export function createLabels(fonts: () => Fonts, resolution: () => number): Labels {
  const view = new Container();
  view.eventMode = 'none';
  const styles = new Map<string, TextStyle>();
  const widths = new Map<string, number>();
  let used = new Map<string, Text[]>();
  let spare = new Map<string, Text[]>();
  let taken: { x: number; y: number; w: number; h: number }[] = [];

  const styleOf = ({ colour, size = 12, isMono = false, isStrong = false }: LabelStyle): [string, TextStyle] => {
    const key = `${colour}/${size}/${isMono ? 1 : 0}${isStrong ? 1 : 0}`;
    const known = styles.get(key);
    if (known) return [key, known];
    const made = new TextStyle({
      fontFamily: isMono ? fonts().mono : fonts().font,
      fontSize: size,
      fill: colour,
      fontWeight: isStrong ? '600' : ('450' as '500'),
      lineHeight: size * 1.35,
    });
    styles.set(key, made);
    return [key, made];
  };
  const measure = (text: string, key: string, style: TextStyle): number => {
    const id = `${key}|${text}`;
    const known = widths.get(id);
    if (known !== undefined) return known;
    if (widths.size > 5000) widths.clear();
    const width = CanvasTextMetrics.measureText(text, style).width;
    widths.set(id, width);
    return width;
  };
  const shorten = (text: string, key: string, style: TextStyle, maxWidth: number): string | undefined => {
    if (measure(text, key, style) <= maxWidth) return text;
    let [low, high] = [0, text.length];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (measure(text.slice(0, middle).trimEnd() + ELLIPSIS, key, style) <= maxWidth) low = middle;
      else high = middle - 1;
    }
    return low < LETTERS_MIN ? undefined : text.slice(0, low).trimEnd() + ELLIPSIS;
  };
  const take = (key: string, text: string, style: TextStyle): Text => {
    const id = `${key}|${text}`;
    const item = spare.get(id)?.pop() ?? view.addChild(new Text({ text, style, resolution: resolution() }));
    const list = used.get(id);
    if (list) list.push(item);
    else used.set(id, [item]);
    return item;
  };
  const drop = (texts: Map<string, Text[]>): void => texts.forEach((list) => list.forEach((item) => item.destroy()));
  return {
    view,
    begin() {
      for (const [id, list] of used) spare.set(id, [...(spare.get(id) ?? []), ...list]);
      used = new Map();
      taken = [];
    },
    put(text, x, y, label) {
      const [key, style] = styleOf(label);
      const shown = shorten(text, key, style, label.maxWidth ?? Infinity);
      if (!shown) return 0;
      const w = measure(shown, key, style);
      const left = Math.round(label.isCentred ? x - w / 2 : x);
      const h = (label.size ?? 12) * 1.35;
      const box = { x: left - 4, y, w: w + 8, h };
      if (label.isExclusive) {
        if (taken.some((b) => box.x < b.x + b.w && box.x + box.w > b.x && box.y < b.y + b.h && box.y + box.h > b.y)) return 0;
        taken.push(box);
      }
      const item = take(key, shown, style);
      item.visible = true;
      item.alpha = label.alpha ?? 1;
      item.position.set(left, Math.round(y));
      return w;
    },
    widthOf(text, label) {
      const [key, style] = styleOf(label);
      const shown = shorten(text, key, style, label.maxWidth ?? Infinity);
      return shown === undefined ? 0 : measure(shown, key, style);
    },
    end() {
      const count = [...spare.values()].reduce((sum, list) => sum + list.length, 0);
      if (count > SPARE_MAX) {
        drop(spare);
        spare = new Map();
      }
      spare.forEach((list) => list.forEach((item) => (item.visible = false)));
    },
    reset() {
      drop(spare);
      drop(used);
      spare = new Map();
      used = new Map();
      styles.clear();
      widths.clear();
    },
    close: () => view.destroy({ children: true }),
  };
}
