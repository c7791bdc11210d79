/** Live pictures for shaders: of each video pit one canvas, on which its senders have a tile each. */
export interface VideoWall {
  /** The canvas of a pit, as it is now; the same one as long as its size is. */
  look(word: string): VideoView;
  close(): void;
}

export interface VideoView {
  readonly canvas: HTMLCanvasElement;
  /** Senders, tile by tile, row by row from the top; the grid has as many columns as rows, or one more. */
  readonly count: number;
  /** Another with each picture. */
  readonly version: number;
}

/** By the word in its address, as shaders write it: letters, digits, single underscores. */
export type Pictures = (word: string) => readonly MediaStream[];

/** px of all tiles together; shaders get it as a texture. */
const [WIDTH, HEIGHT] = [1024, 576];
const TILES_MAX = 25;

interface Wall {
  readonly canvas: HTMLCanvasElement;
  said: string;
  version: number;
}

export function createVideoWall(pictures: Pictures): VideoWall {
  const walls = new Map<string, Wall>();
  const screens = new Map<MediaStream, HTMLVideoElement>();

  const screenOf = (stream: MediaStream): HTMLVideoElement => {
    const known = screens.get(stream);
    if (known) return known;
    const video = Object.assign(document.createElement('video'), { muted: true, playsInline: true, srcObject: stream });
    // A page that nobody has touched may refuse; it is tried again at each look.
    void video.play().catch(() => undefined);
    screens.set(stream, video);
    return video;
  };
  const forget = (): void => {
    for (const [stream, video] of screens) {
      if (stream.active) continue;
      video.srcObject = null;
      screens.delete(stream);
    }
  };
  const wallOf = (word: string): Wall => {
    const wall = walls.get(word) ?? {
      canvas: Object.assign(document.createElement('canvas'), { width: WIDTH, height: HEIGHT }),
      said: '',
      version: 0,
    };
    walls.set(word, wall);
    return wall;
  };

  return {
    look(word) {
      const wall = wallOf(word);
      const videos = pictures(word)
        .filter(({ active }) => active)
        .slice(0, TILES_MAX)
        .map(screenOf);
      forget();
      for (const video of videos) if (video.paused) void video.play().catch(() => undefined);
      const said = videos.map(({ currentTime, videoWidth }) => `${currentTime}/${videoWidth}`).join();
      if (said !== wall.said) {
        paint(wall.canvas, videos);
        Object.assign(wall, { said, version: wall.version + 1 });
      }
      return { canvas: wall.canvas, count: videos.length, version: wall.version };
    },
    close() {
      for (const video of screens.values()) video.srcObject = null;
      screens.clear();
      walls.clear();
    },
  };
}

function paint(canvas: HTMLCanvasElement, videos: readonly HTMLVideoElement[]): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  context.fillStyle = '#000';
  context.fillRect(0, 0, canvas.width, canvas.height);
  const columns = Math.ceil(Math.sqrt(videos.length));
  const rows = Math.ceil(videos.length / columns);
  const [width, height] = [canvas.width / columns, canvas.height / rows];
  for (const [i, video] of videos.entries()) {
    if (video.videoWidth === 0) continue;
    // Whole, as large as its tile allows.
    const scale = Math.min(width / video.videoWidth, height / video.videoHeight);
    const [w, h] = [video.videoWidth * scale, video.videoHeight * scale];
    const [x, y] = [(i % columns) * width, Math.floor(i / columns) * height];
    context.drawImage(video, x + (width - w) / 2, y + (height - h) / 2, w, h);
  }
}
