import * as m from '#domain/messages/compiled/editor.js';
import type { Tool } from './session.svelte.ts';

/** What a key means in the editor. */
export type KeyAction =
  | { do: 'tool'; tool: Tool }
  | { do: 'nudge'; dx: number; dy: number }
  | { do: 'turn'; by: number }
  | { do: 'zoom'; factor: number }
  | {
      do:
        'undo' | 'redo' | 'all' | 'duplicate' | 'copy' | 'paste' | 'delete' | 'leave' | 'fit' | 'help' | 'put' | 'rows';
    };

export interface Key {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

export const TOOL_KEYS: Record<Tool, string> = {
  ...{ select: 'V', lasso: 'L', pan: 'H', row: 'R', arc: 'A', block: 'G', table: 'T' },
  ...{ area: 'S', polygon: 'P', stage: 'E', focus: 'F' }
};
const TOOLS: readonly Tool[] = [
  ...(['select', 'lasso', 'pan', 'row', 'arc', 'block', 'table', 'area', 'polygon', 'stage', 'focus'] as const)
];
const ARROWS: Record<string, [number, number]> = {
  ...{ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
};

/** Keys with Ctrl or Cmd; they work wherever nothing is typed. */
export function commandOf({ key, ctrlKey, metaKey, shiftKey, altKey }: Key): KeyAction | null {
  if (!(ctrlKey || metaKey) || altKey) return null;
  const letter = key.toLowerCase();
  if (letter === 'z') return { do: shiftKey ? 'redo' : 'undo' };
  if (letter === 'y') return { do: 'redo' };
  if (letter === 'a') return { do: 'all' };
  if (letter === 'd') return { do: 'duplicate' };
  if (letter === 'c') return { do: 'copy' };
  if (letter === 'v') return { do: 'paste' };
  return null;
}

/** Plain keys; they work while the drawing has the focus. */
export function plainOf({ key, ctrlKey, metaKey, shiftKey, altKey }: Key): KeyAction | null {
  if (ctrlKey || metaKey || altKey) return null;
  const arrow = ARROWS[key];
  if (arrow) return { do: 'nudge', dx: arrow[0] * (shiftKey ? 5 : 1), dy: arrow[1] * (shiftKey ? 5 : 1) };
  if (key === 'Delete' || key === 'Backspace') return { do: 'delete' };
  if (key === 'Escape') return { do: 'leave' };
  if (key === 'Enter') return { do: 'put' };
  if (key === '+' || key === '=') return { do: 'zoom', factor: 1.4 };
  if (key === '-') return { do: 'zoom', factor: 1 / 1.4 };
  if (key === '0') return { do: 'fit' };
  if (key === '[' || key === ']') return { do: 'turn', by: key === ']' ? 5 : -5 };
  if (key === '?') return { do: 'help' };
  if (key.toLowerCase() === 'w') return { do: 'rows' };
  const tool = TOOLS.find((one) => TOOL_KEYS[one] === key.toUpperCase());
  return tool ? { do: 'tool', tool } : null;
}

/** For the list of shortcuts. */
export const shortcuts = (): readonly { keys: string; what: string }[] => [
  { keys: 'V, L, H', what: m.key_select() },
  { keys: 'R, A, G', what: m.key_rows() },
  { keys: 'T, S, P, E, F', what: m.key_things() },
  { keys: 'Enter', what: m.key_enter() },
  { keys: m.name_arrows(), what: m.key_arrows() },
  { keys: m.name_turn(), what: m.key_turn() },
  { keys: 'W', what: m.key_whole_rows() },
  { keys: m.name_shift_click(), what: m.key_shift_click() },
  { keys: m.name_double(), what: m.key_double() },
  { keys: m.name_alt(), what: m.key_alt() },
  { keys: m.name_space(), what: m.key_move_view() },
  { keys: m.name_ctrl(), what: m.key_ctrl() },
  { keys: m.name_ctrl_z(), what: m.key_undo() },
  { keys: m.name_delete(), what: m.key_delete() },
  { keys: '+, −, 0', what: m.key_zoom() },
  { keys: '?', what: m.key_help() }
];
