import { FILE_LENGTH_MAX } from '../../crdt/score.ts';
import type { Studio } from '../studio.svelte.ts';

const FILE_NAME_MAX = 60;

/** Gives the person a file of this score, and returns its name. */
export function download(title: string, text: string, ending: 'tutti' | 'score' = 'tutti'): string {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${
    title
      .replace(/[^\p{L}\p{N} _.-]+/gu, '')
      .trim()
      .slice(0, FILE_NAME_MAX) || 'score'
  }.${ending}`;
  link.click();
  URL.revokeObjectURL(url);
  return link.download;
}

export const saveFile = ({ peer, score, tell }: Studio): void => tell(`Saved as ${download(score.title, peer.score.save())}`);

/** For ossia, and says what ossia will not have of it. */
export function saveForOssia(studio: Studio): void {
  const { text, report } = studio.peer.score.export();
  studio.imported = { name: download(studio.score.title, text, 'score'), isSaved: true, report };
}

/** Scores of ossia by their names; everything else is taken for one of ours. */
const OSSIA = /\.score(json)?$/i;

export async function openFile(studio: Studio, file: File): Promise<void> {
  if (file.size > FILE_LENGTH_MAX) return studio.tell(`${file.name} is too large to be a score. Nothing was changed.`, 'error');
  const text = await file.text().catch(() => undefined);
  if (text === undefined) return refuse(studio, file.name, 'it cannot be read any more.');
  if (OSSIA.test(file.name)) return importFile(studio, file.name, text);
  const issue = studio.peer.score.open(text);
  if (issue) return refuse(studio, file.name, issue.message);
  studio.selection.clear();
  studio.opened += 1;
  studio.tell(`Opened ${file.name} for everyone. Undo brings back what was there.`);
}

const refuse = (studio: Studio, name: string, why: string): void =>
  studio.tell(`${name} was not opened: ${why} Nothing was changed.`, 'error');

async function importFile(studio: Studio, name: string, text: string): Promise<void> {
  const read = await studio.room.readForeign({ text, title: name.replace(OSSIA, '') });
  const result = 'issue' in read ? read : studio.peer.score.edit({ type: 'replace', file: read.file });
  if ('issue' in result) return refuse(studio, name, result.issue.message);
  studio.selection.clear();
  studio.opened += 1;
  if ('report' in read) studio.imported = { name, isSaved: false, report: read.report };
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
  input.accept = '.tutti,.score,.scorejson,application/json';
  input.oncancel = done;
  input.onchange = () => {
    done();
    const file = input.files?.[0];
    if (file) void openFile(studio, file);
  };
  input.click();
}
