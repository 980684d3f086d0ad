import * as m from '#domain/messages/compiled/editor.js';
import { align, distribute, groupsOf, type Edge } from './document/arrange.ts';
import { copy, duplicate, paste, placesIn } from './document/copy.ts';
import { remove } from './document/remove.ts';
import { everything, isEmpty, nothing, ofRows, rowsOf } from './document/selection.ts';
import { mirror, move, rotate } from './document/transform.ts';
import { wordsFor } from './document/words.ts';
import type { EditorSession } from './session.svelte.ts';

/** What keys and buttons do, each saying what it did. */

const chosenWords = ({ draft, selection }: EditorSession) => wordsFor(draft, selection);

function needsChoice(session: EditorSession): boolean {
  if (!isEmpty(session.selection)) return false;
  session.said = m.choose_first();
  return true;
}

/** Moves by steps of the grid. */
export function nudge(session: EditorSession, dx: number, dy: number) {
  if (needsChoice(session)) return;
  const step = session.grid > 0 ? session.grid : 0.25;
  const next = move(session.draft, session.selection, dx * step, dy * step);
  session.apply(m.moved({ what: chosenWords(session) }), next, session.selection, 'nudge');
}

export function moveBy(session: EditorSession, dx: number, dy: number) {
  session.apply(m.moved({ what: chosenWords(session) }), move(session.draft, session.selection, dx, dy));
}

export function turnBy(session: EditorSession, degrees: number) {
  if (needsChoice(session)) return;
  const next = rotate(session.draft, session.selection, degrees);
  session.apply(m.turned_by({ what: chosenWords(session), degrees }), next);
}

export function flip(session: EditorSession, axis: 'across' | 'along') {
  if (needsChoice(session)) return;
  session.apply(m.mirrored({ what: chosenWords(session) }), mirror(session.draft, session.selection, axis));
}

export function alignBy(session: EditorSession, edge: Edge) {
  if (needsChoice(session)) return;
  session.apply(m.aligned({ what: chosenWords(session) }), align(session.draft, session.selection, edge));
}

export function spread(session: EditorSession, axis: 'across' | 'along') {
  if (groupsOf(session.draft, session.selection).length < 3) {
    session.said = m.choose_three();
    return;
  }
  session.apply(m.put_equal({ what: chosenWords(session) }), distribute(session.draft, session.selection, axis));
}

export function removeChosen(session: EditorSession) {
  if (needsChoice(session)) return;
  session.apply(m.deleted({ what: chosenWords(session) }), remove(session.draft, session.selection), nothing);
}

const offset = ({ grid }: EditorSession) => Math.max(2, grid);

export function duplicateChosen(session: EditorSession) {
  if (needsChoice(session)) return;
  const by = offset(session);
  const { draft, made } = duplicate(session.draft, session.selection, by, by);
  session.apply(m.duplicated({ what: chosenWords(session) }), draft, made);
}

export function copyChosen(session: EditorSession) {
  if (needsChoice(session)) return;
  session.clip = copy(session.draft, session.selection);
  session.said = m.copied({ what: chosenWords(session) });
}

export function pasteClip(session: EditorSession) {
  const { clip } = session;
  if (!clip) {
    session.said = m.nothing_copied();
    return;
  }
  const by = offset(session);
  const { draft, made } = paste(session.draft, clip, by, by);
  if (session.apply(m.put_in_copy({ count: placesIn(clip) }), draft, made)) session.clip = copy(draft, made);
}

export const chooseAll = (session: EditorSession) => session.choose(everything(session.draft));
export const chooseNone = (session: EditorSession) => session.choose(nothing);

/** Makes whole rows of the seats that are chosen. */
export function chooseRows(session: EditorSession) {
  const rows = rowsOf(session.draft, session.selection);
  session.choose(ofRows(session.draft, new Set(rows.map(({ id }) => id))));
}
