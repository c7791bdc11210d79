import { Buffer, BufferUsage, Container, Geometry, GlProgram, Graphics, Mesh, Shader } from 'pixi.js';
import type { Shapes } from '../shapes.ts';

/** Shows one `Shapes` on the stage. */
export interface Surface {
  readonly view: Container;
  /** Uploads what changed since the last call. */
  update(): void;
  close(): void;
}

const VERTEX = `
in vec2 aPosition;
in vec4 aColour;
out vec4 vColour;
uniform mat3 uProjectionMatrix;
uniform mat3 uWorldTransformMatrix;
uniform mat3 uTransformMatrix;
void main() {
  mat3 mvp = uProjectionMatrix * uWorldTransformMatrix * uTransformMatrix;
  gl_Position = vec4((mvp * vec3(aPosition, 1.0)).xy, 0.0, 1.0);
  vColour = vec4(aColour.rgb * aColour.a, aColour.a);
}`;
// The name finalColor is pixi's own: a second output would not compile, and nothing would be drawn.
const FRAGMENT = `
in vec4 vColour;
void main() {
  finalColor = vColour;
}`;

/** One mesh, one draw call; without WebGL the same quads as canvas polygons. */
export const createSurface = (shapes: Shapes, hasWebgl: boolean): Surface =>
  hasWebgl ? createMeshSurface(shapes) : createGraphicsSurface(shapes);

function createMeshSurface(shapes: Shapes): Surface {
  const usage = BufferUsage.VERTEX | BufferUsage.COPY_DST;
  const positions = new Buffer({ data: shapes.positions, usage, shrinkToFit: false });
  const colours = new Buffer({ data: shapes.colours, usage, shrinkToFit: false });
  const index = new Buffer({ data: new Uint32Array(0), usage: BufferUsage.INDEX | BufferUsage.COPY_DST, shrinkToFit: false });
  const geometry = new Geometry({
    attributes: {
      aPosition: { buffer: positions, format: 'float32x2', stride: 8, offset: 0 },
      aColour: { buffer: colours, format: 'unorm8x4', stride: 4, offset: 0 },
    },
    indexBuffer: index,
    topology: 'triangle-list',
  });
  const shader = new Shader({ glProgram: GlProgram.from({ vertex: VERTEX, fragment: FRAGMENT, name: 'shapes' }), resources: {} });
  const mesh = new Mesh({ geometry, shader });
  mesh.eventMode = 'none';
  const view = new Container({ children: [mesh] });
  let seen = -1;
  return {
    view,
    update() {
      if (shapes.revision === seen) return;
      seen = shapes.revision;
      mesh.visible = shapes.count > 0;
      if (shapes.count === 0) return;
      // As many indices are drawn as the index buffer's data holds, so it must end with the last quad in use.
      positions.data = shapes.positions.subarray(0, shapes.count * 8);
      colours.data = shapes.colours.subarray(0, shapes.count * 4);
      index.data = indices(shapes.count).subarray(0, shapes.count * 6);
    },
    close() {
      view.destroy({ children: true });
      geometry.destroy(true);
      shader.destroy();
    },
  };
}

let shared = new Uint32Array(0);
/** Two triangles per quad; one list serves every surface. */
function indices(quads: number): Uint32Array {
  if (shared.length >= quads * 6) return shared;
  shared = new Uint32Array(Math.max(quads * 6, shared.length * 2));
  for (let quad = 0; quad * 6 < shared.length; quad++)
    shared.set(
      [0, 1, 2, 0, 2, 3].map((corner) => quad * 4 + corner),
      quad * 6,
    );
  return shared;
}

function createGraphicsSurface(shapes: Shapes): Surface {
  const view = new Graphics();
  view.eventMode = 'none';
  let seen = -1;
  return {
    view,
    update() {
      if (shapes.revision === seen) return;
      seen = shapes.revision;
      view.clear();
      for (let quad = 0; quad < shapes.count; quad++) {
        const packed = [0, 1, 2, 3].map((corner) => shapes.colours[quad * 4 + corner]!);
        const alpha = packed.reduce((sum, colour) => sum + (colour >>> 24), 0) / (4 * 255);
        const first = packed[0]!;
        const color = ((first & 0xff) << 16) | (first & 0xff00) | ((first >>> 16) & 0xff);
        view.poly(Array.from(shapes.positions.subarray(quad * 8, quad * 8 + 8))).fill({ color, alpha });
      }
    },
    close: () => view.destroy(),
  };
}
