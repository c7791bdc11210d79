import 'pixi.js/unsafe-eval';
import { Application, Container } from 'pixi.js';
import type { Flicks } from '../../base.ts';
import { ROOT, type ObjectId, type Score } from '../../crdt/score.ts';
import type { Tokens } from '../tokens.ts';
import { RULER_HEIGHT, toX, type Camera } from './camera.ts';
import { drawRootShare } from './draw/axes.ts';
import { drawBodies, drawNames } from './draw/bodies.ts';
import { drawCables, drawHeldCables } from './draw/cables.ts';
import { drawHand } from './draw/ghosts.ts';
import { createLabels, type Labels } from './draw/labels.ts';
import { drawMarks } from './draw/marks.ts';
import { isSeen, type Owners, type Pen } from './draw/pen.ts';
import { drawPeople, type Carets, type Other } from './draw/people.ts';
import { drawBelow, drawGrid, drawHeads, drawRuler } from './draw/ruler.ts';
import { drawReadings, drawRunning, wordsIn, type RunFrame } from './draw/running.ts';
import { drawSlots } from './draw/slots.ts';
import { createSurface, type Surface } from './draw/surface.ts';
import type { Gesture } from './gesture.ts';
import { rootMetre } from './grid.ts';
import type { Box, Layout, Slot } from './places.ts';
import { createShapes, type Shapes } from './shapes.ts';

/**
 * The pixi edge. Five layers, bottom up: grid, score, what changes by the frame, ruler, playheads. The score layer is
 * built for what is in view and half a screen around it; scrolling only shifts it, and a playing frame does not touch it.
 */
export interface Stage {
  readonly canvas: HTMLCanvasElement;
  resize(width: number, height: number): void;
  draw(picture: Picture): { readonly isMoving: boolean };
  /** The score layer must be built anew: another score, owners, colours. */
  spoil(): void;
  /** Fonts came: all words are rasterised anew. */
  spoilLabels(): void;
  close(): void;
}

/** One frame's worth of everything. */
export interface Picture {
  readonly score: Score;
  readonly layout: Layout;
  readonly camera: Camera;
  readonly tokens: Tokens;
  readonly owners: Owners;
  readonly unsent: ReadonlySet<ObjectId>;
  readonly selected: readonly ObjectId[];
  readonly gesture: Gesture;
  readonly others: readonly Other[];
  readonly run: RunFrame;
  readonly start: Flicks;
  readonly playhead: Flicks | undefined;
}

interface Layer {
  readonly shapes: Shapes;
  readonly labels: Labels;
  readonly surface: Surface;
  readonly view: Container;
}

const OVERSCAN = 0.5;
const RESOLUTION_MAX = 2;

/** undefined where the browser can draw neither with WebGL nor on a plain canvas. */
export async function createStage(container: HTMLElement, tokens: () => Tokens): Promise<Stage | undefined> {
  const app = await createApplication(container);
  if (!app) return undefined;
  const layers: Layer[] = [];
  const addLayer = (): Layer => {
    const shapes = createShapes();
    const surface = createSurface(shapes, 'gl' in app.renderer);
    const labels = createLabels(tokens, () => app.renderer.resolution);
    const view = app.stage.addChild(new Container({ isRenderGroup: true, children: [surface.view, labels.view] }));
    const layer = { shapes, surface, labels, view };
    layers.push(layer);
    return layer;
  };
  const [grid, world, live, ruler, heads] = [addLayer(), addLayer(), addLayer(), addLayer(), addLayer()];
  let built: Camera | undefined;
  /** Bars within what is built. */
  let seen: readonly Box[] = [];
  let displays: readonly Slot[] = [];
  const carets: Carets = new Map();
  return {
    canvas: app.canvas,
    resize(width, height) {
      app.renderer.resolution = Math.min(devicePixelRatio, RESOLUTION_MAX);
      app.renderer.resize(width, height);
      built = undefined;
    },
    draw(picture) {
      const { camera } = picture;
      app.renderer.background.color = picture.tokens.canvas;
      if (!built || !isCovered(built, camera)) {
        built = camera;
        redraw(world, () => {
          const pen = penFor(world, picture, OVERSCAN);
          seen = picture.layout.boxes.filter((box) => isSeen(pen, box));
          displays = picture.layout.slots.filter((slot) => slot.process.type === 'display' && isSeen(pen, slot));
          drawBodies(pen);
          drawCables(pen);
          drawSlots(pen);
          drawMarks(pen);
        });
      }
      world.view.position.set(
        Math.round(toX(camera, 0 as Flicks)) - Math.round(toX(built, 0 as Flicks)),
        RULER_HEIGHT - Math.round(camera.top),
      );
      const sheet = { tokens: picture.tokens, camera, metre: rootMetre(picture.score) };
      redraw(grid, () => drawGrid({ ...grid, ...sheet }));
      redraw(ruler, () => drawRuler({ ...ruler, ...sheet }));
      redraw(heads, () => {
        if (below(picture) > 0) drawBelow({ ...heads, ...sheet });
        drawHeads({ ...heads, ...sheet }, { ...picture, rate: rootRate(picture.run) });
      });
      let isMoving = false;
      redraw(live, () => {
        const pen = penFor(live, picture, 0);
        drawRunning(pen, picture.run);
        const dead = new Set(picture.run.view.dead);
        drawNames(pen, seen, (box) => (dead.has(box.id) ? wordsIn(pen, box) : 0));
        drawRootShare(pen);
        drawReadings(pen, displays, picture.run);
        drawHeldCables(pen, picture.selected);
        drawHand(pen, picture.gesture, picture.selected);
        isMoving = drawPeople(pen, picture.others, carets);
      });
      live.view.position.set(0, RULER_HEIGHT - Math.round(camera.top));
      layers.forEach(({ surface }) => surface.update());
      app.render();
      return { isMoving };
    },
    spoil: () => (built = undefined),
    spoilLabels() {
      layers.forEach(({ labels }) => labels.reset());
      built = undefined;
    },
    close() {
      layers.forEach(({ surface, labels }) => (surface.close(), labels.close()));
      app.destroy({ removeView: true }, { children: true });
    },
  };
}

async function createApplication(container: HTMLElement): Promise<Application | undefined> {
  const app = new Application();
  try {
    await app.init({
      preference: ['webgl', 'canvas'],
      autoStart: false,
      sharedTicker: false,
      antialias: false,
      autoDensity: true,
      resolution: Math.min(devicePixelRatio, RESOLUTION_MAX),
      width: Math.max(1, container.clientWidth),
      height: Math.max(1, container.clientHeight),
      eventMode: 'none',
    });
    return app;
  } catch {
    return undefined;
  }
}

/** Of the whole run; 1 while nothing is said about it. */
const rootRate = ({ view }: RunFrame): number => view.running.find(({ interval }) => interval === ROOT.interval)?.speed ?? 1;

function redraw({ shapes, labels }: Layer, f: () => void): void {
  shapes.clear();
  labels.begin();
  f();
  labels.end();
}

/** What was built for one camera still fills the view of another: same zoom, scrolled by less than the overscan. */
function isCovered(built: Camera, camera: Camera): boolean {
  if (built.scale !== camera.scale || built.width !== camera.width || built.height !== camera.height) return false;
  const dx = Math.abs((camera.left - built.left) * camera.scale);
  return dx <= camera.width * OVERSCAN && Math.abs(camera.top - built.top) <= camera.height * OVERSCAN;
}

function penFor({ shapes, labels }: Layer, { tokens, score, layout, camera, owners, unsent }: Picture, overscan: number): Pen {
  const [aside, above] = [camera.width * overscan, camera.height * overscan];
  return {
    shapes,
    labels,
    tokens,
    score,
    layout,
    camera,
    owners,
    unsent,
    left: -aside,
    right: camera.width + aside,
    top: camera.top - above,
    bottom: camera.top + camera.height + above,
  };
}

/** px of the score under the lower edge; its own margin is no score. */
const below = ({ layout, camera }: Picture): number => layout.height - LOWER_MARGIN - camera.top - (camera.height - RULER_HEIGHT);
const LOWER_MARGIN = 24;
