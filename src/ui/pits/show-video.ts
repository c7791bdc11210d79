import type { VideoPit } from '../../crdt/score.ts';
import { videoWord } from '../../engine/devices/shader-source.ts';
import type { Studio } from '../studio.svelte.ts';

/** A layer of the picture that shows all of a video pit, beside it. */
export function layOut({ edit, selection }: Studio, pit: VideoPit): void {
  const source = `// All who send, in tiles; video_${videoWord(pit.key)}(uv, 0) is the first of them.\nvec4 render(vec2 uv) {\n  return video_${videoWord(pit.key)}(uv);\n}\n`;
  const [made] = edit({ type: 'createProcess', interval: pit.interval, process: { type: 'shader', name: pit.name || 'Live', source } });
  if (made) selection.set([made]);
}
