import type { Studio } from '../studio.svelte.ts';

const FILE_NAME_MAX = 60;
/** 16 MiB: far above any score of text, far below what stalls a page. */
const FILE_BYTES_MAX = 16 * 1024 * 1024;

/** Gives the person a file of this score, and returns its name. */
export function download(title: string, text: string): string {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${
    title
      .replace(/[^\p{L}\p{N} _.-]+/gu, '')
      .trim()
      .slice(0, FILE_NAME_MAX) || 'score'
  }.tutti`;
  link.click();
  URL.revokeObjectURL(url);
  return link.download;
}

export const saveFile = ({ peer, score, tell }: Studio): void => tell(`Saved as ${download(score.title, peer.score.save())}`);

export async function openFile(studio: Studio, file: File): Promise<void> {
  if (file.size > FILE_BYTES_MAX) return studio.tell(`${file.name} is too large to be a score. Nothing was changed.`, 'error');
  const issue = studio.peer.score.open(await file.text());
  if (issue) studio.tell(`${file.name} was not opened: ${issue.message} Nothing was changed.`, 'error');
  else {
    studio.selection.clear();
    studio.tell(`Opened ${file.name} for everyone. Undo brings back what was there.`);
  }
}

/** Held while the person chooses: an input that nothing refers to may be collected, and the choice is lost with it. */
let choosing: HTMLInputElement | undefined;

export function chooseFile(studio: Studio): void {
  const input = document.createElement('input');
  choosing = input;
  const done = (): void => {
    if (choosing === input) choosing = undefined;
  };
  input.type = 'file';
  input.accept = '.tutti,application/json';
  input.oncancel = done;
  input.onchange = () => {
    done();
    const file = input.files?.[0];
    if (file) void openFile(studio, file);
  };
  input.click();
}
