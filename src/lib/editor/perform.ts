import {
  chooseAll,
  chooseNone,
  chooseRows,
  copyChosen,
  duplicateChosen,
  nudge,
  pasteClip,
  removeChosen,
  turnBy
} from './actions.ts';
import type { BoardView } from './board-view.ts';
import { isEmpty } from './document/selection.ts';
import type { KeyAction } from './keys.ts';
import type { EditorSession } from './session.svelte.ts';

/** How far an arrow key moves the view (pixels) when nothing is chosen. */
const PAN_PX = 60;

/** Does what a key means. */
export function perform(
  action: KeyAction,
  { session, view, help }: { session: EditorSession; view: () => BoardView | null; help: () => void }
) {
  switch (action.do) {
    case 'tool':
      session.tool = action.tool;
      return;
    case 'nudge':
      if (isEmpty(session.selection)) return view()?.panBy(-action.dx * PAN_PX, -action.dy * PAN_PX);
      return nudge(session, action.dx, action.dy);
    case 'turn':
      return turnBy(session, action.by);
    case 'zoom':
      return view()?.zoom(action.factor);
    case 'undo':
      return session.undo();
    case 'redo':
      return session.redo();
    case 'all':
      return chooseAll(session);
    case 'rows':
      return chooseRows(session);
    case 'duplicate':
      return duplicateChosen(session);
    case 'copy':
      return copyChosen(session);
    case 'paste':
      return pasteClip(session);
    case 'delete':
      return removeChosen(session);
    case 'fit':
      return view()?.fit();
    case 'help':
      return help();
    case 'put':
      return view()?.put();
    case 'leave':
      if (view()?.leave()) return;
      if (session.tool !== 'select') session.tool = 'select';
      else chooseNone(session);
  }
}
