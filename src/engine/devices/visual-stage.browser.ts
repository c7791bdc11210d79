/** One canvas with a WebGL context of its own, so that a shader that breaks it takes nothing else along. */
import 'pixi.js/unsafe-eval';
import { CanvasSource, Container, Geometry, GlProgram, Mesh, Shader as PixiShader, UniformGroup, WebGLRenderer } from 'pixi.js';
import type { Issue } from '../../base.ts';
import type { Shader } from '../../crdt/score.ts';
import { createFrameBudget } from './frame-budget.ts';
import { composeFragment, inputsOf, shaderIssue, VERTEX, videosOf } from './shader-source.ts';
import type { VideoWall } from './visual-video.browser.ts';

export interface Stage {
  readonly canvas: HTMLCanvasElement;
  /** Compiles what changed; what does not compile keeps its last good version and gives an issue. */
  setLayers(layers: readonly Shader[]): readonly Issue[];
  /** Draws the layers given, bottom first; nothing gives a dark frame. False while the last frame is still being painted. */
  draw(frame: readonly LayerFrame[], time: number): boolean;
  /** The last frame's cost asks for a layer to go. */
  isOverloaded(): boolean;
  close(): void;
}

export interface LayerFrame {
  readonly key: string;
  readonly opacity: number;
  readonly isAdditive: boolean;
  readonly inputs: Readonly<Record<string, number>>;
}

interface Screen {
  readonly source: CanvasSource;
  version: number;
}

interface Layer {
  readonly signature: string;
  readonly mesh: Mesh<Geometry, PixiShader>;
  readonly uniforms: UniformGroup;
  /** Live pictures that it asks for, by the word of their pit. */
  readonly videos: ReadonlyMap<string, Screen>;
}

const GROUND = 0x08090c;
/** Software painters and 4k screens: more than this is not seen from a chair. */
const RESOLUTION_MAX = 1.5;

/** lost: the context is gone; the stage is of no use any more. Rejects where there is no WebGL 2. */
export async function createStage(container: HTMLElement, wall: VideoWall, lost: () => void): Promise<Stage> {
  const renderer = new WebGLRenderer();
  await renderer.init({
    width: 16,
    height: 16,
    antialias: false,
    backgroundColor: GROUND,
    preferWebGLVersion: 2,
    powerPreference: 'high-performance',
    autoDensity: false,
  });
  const gl = renderer.gl;
  const canvas = renderer.canvas as HTMLCanvasElement;
  if (!(gl instanceof WebGL2RenderingContext)) {
    renderer.destroy();
    throw new Error('WebGL 2 is missing');
  }
  canvas.style.cssText = 'display:block;width:100%;height:100%';
  canvas.setAttribute('aria-hidden', 'true');
  canvas.addEventListener('webglcontextlost', lost);
  container.append(canvas);
  const scene = new Container();
  const geometry = new Geometry({ attributes: { aPosition: [-1, -1, 1, -1, 1, 1, -1, 1] }, indexBuffer: [0, 1, 2, 0, 2, 3] });
  const budget = createFrameBudget();
  const layers = new Map<string, Layer>();
  const painting = createPainting(gl);
  let isOverloaded = false;

  function fit(): void {
    const density = Math.min(devicePixelRatio || 1, RESOLUTION_MAX) * budget.scale;
    renderer.resize(Math.max(1, Math.round(container.clientWidth * density)), Math.max(1, Math.round(container.clientHeight * density)));
  }
  const observer = new ResizeObserver(fit);
  observer.observe(container);
  fit();

  function compile(shader: Shader): Issue | undefined {
    const composed = composeFragment(shader);
    if ('issue' in composed) return composed.issue;
    const signature = composed.fragment;
    const known = layers.get(shader.key);
    if (known?.signature === signature) return undefined;
    const log = complaint(gl as WebGL2RenderingContext, signature);
    if (log !== undefined) return shaderIssue(shader, log);
    if (known) discard(known);
    layers.set(shader.key, build(shader, { signature, geometry, wall }));
    return undefined;
  }
  function discard(layer: Layer): void {
    scene.removeChild(layer.mesh);
    layer.mesh.shader?.destroy();
    layer.mesh.destroy();
    for (const { source } of layer.videos.values()) source.destroy();
  }
  /** Its live pictures as they are now; how many there are. */
  function show({ videos }: Layer): Readonly<Record<string, number>> {
    return Object.fromEntries(
      [...videos].map(([word, screen]) => {
        const { count, version } = wall.look(word);
        if (version !== screen.version) screen.source.update();
        screen.version = version;
        return [`videos_${word}`, count];
      }),
    );
  }
  return {
    canvas,
    setLayers(shaders) {
      const keys = new Set(shaders.map((shader) => shader.key));
      for (const [key, layer] of layers) {
        if (keys.has(key)) continue;
        discard(layer);
        layers.delete(key);
      }
      return shaders.map(compile).filter((issue) => issue !== undefined);
    },
    draw(frame, time) {
      // The loss is told a moment later; until then there is nothing to draw on.
      if (gl.isContextLost()) return false;
      const cost = painting.cost();
      if (cost === undefined) return false;
      const verdict = budget.spend(cost);
      isOverloaded = verdict === 'off';
      if (verdict === 'lower') fit();
      scene.removeChildren();
      for (const part of frame) {
        const layer = layers.get(part.key);
        if (!layer) continue;
        Object.assign(layer.uniforms.uniforms, part.inputs, show(layer), {
          time,
          resolution: [canvas.width, canvas.height],
          tuttiOpacity: part.opacity,
        });
        layer.mesh.blendMode = part.isAdditive ? 'add' : 'normal';
        scene.addChild(layer.mesh);
      }
      renderer.render({ container: scene });
      painting.begin();
      return true;
    },
    isOverloaded: () => isOverloaded,
    close() {
      observer.disconnect();
      canvas.removeEventListener('webglcontextlost', lost);
      for (const layer of layers.values()) discard(layer);
      canvas.remove();
      renderer.destroy();
    },
  };
}

interface Ground {
  readonly signature: string;
  readonly geometry: Geometry;
  readonly wall: VideoWall;
}

function build(shader: Shader, { signature: fragment, geometry, wall }: Ground): Layer {
  const videos = new Map<string, Screen>(
    videosOf(shader).map((word) => [word, { source: new CanvasSource({ resource: wall.look(word).canvas }), version: -1 }]),
  );
  const uniforms = new UniformGroup({
    time: { value: 0, type: 'f32' },
    resolution: { value: [1, 1], type: 'vec2<f32>' },
    tuttiOpacity: { value: 1, type: 'f32' },
    ...Object.fromEntries(inputsOf(shader).map((input) => [input.name, { value: input.value, type: 'f32' as const }])),
    ...Object.fromEntries([...videos.keys()].map((word) => [`videos_${word}`, { value: 0, type: 'f32' as const }])),
  });
  const program = new PixiShader({
    glProgram: new GlProgram({ vertex: VERTEX, fragment, name: 'tutti-layer' }),
    resources: { uniforms, ...Object.fromEntries([...videos.values()].map(({ source }, i) => [`tuttiVideo${i}`, source])) },
  });
  return { signature: fragment, uniforms, videos, mesh: new Mesh({ geometry, shader: program }) };
}

/** The compiler's log, or undefined if it is content. Asked beforehand, since pixi only tells the console. */
function complaint(gl: WebGL2RenderingContext, source: string): string | undefined {
  const shader = gl.createShader(gl.FRAGMENT_SHADER);
  if (!shader) return undefined;
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  const log = gl.getShaderParameter(shader, gl.COMPILE_STATUS) || gl.isContextLost() ? undefined : (gl.getShaderInfoLog(shader) ?? '');
  gl.deleteShader(shader);
  return log;
}

/** How long the painter takes, without waiting for it. What is counted was *seen* unfinished, so a page that hangs blames no shader. */
function createPainting(gl: WebGLRenderingContext | WebGL2RenderingContext): { begin(): void; cost(): number | undefined } {
  const gl2 = gl as WebGL2RenderingContext;
  let fence: WebGLSync | null = null;
  let begun = 0;
  let seen = 0;
  return {
    begin() {
      fence = gl2.fenceSync(gl2.SYNC_GPU_COMMANDS_COMPLETE, 0);
      gl2.flush();
      begun = performance.now();
      seen = 0;
    },
    cost() {
      if (fence && !gl2.isContextLost() && gl2.getSyncParameter(fence, gl2.SYNC_STATUS) !== gl2.SIGNALED) {
        seen = performance.now() - begun;
        return undefined;
      }
      if (fence) gl2.deleteSync(fence);
      fence = null;
      return seen;
    },
  };
}
