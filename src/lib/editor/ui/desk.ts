import { createContext } from 'svelte';
import type { BoardView } from '../board-view.ts';
import type { Checks } from '../checks/checks.svelte.ts';
import type { DraftSaver } from '../saving/saver.svelte.ts';
import type { Selection } from '../document/selection.ts';
import type { EditorSession } from '../session.svelte.ts';

/** What all panels of one editor share. */
export interface EditorDesk {
  session: EditorSession;
  saver: DraftSaver;
  checks: Checks;
  /** The drawing, once it is there. */
  view: () => BoardView | null;
  /** Chooses and brings into view. */
  jump: (to: Selection) => void;
}

export const [getDesk, setDesk] = createContext<EditorDesk>();
