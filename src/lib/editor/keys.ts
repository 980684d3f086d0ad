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
export const SHORTCUTS: readonly { keys: string; what: string }[] = [
  { keys: 'V, L, H', what: 'Select, select with a loop, move the view' },
  { keys: 'R, A, G', what: 'Row, bent rows, block of rows' },
  { keys: 'T, S, P, E, F', what: 'Table, standing area, its polygon, stage, where the eyes go' },
  { keys: 'Enter', what: 'Put what the tool draws into the middle of the view; close a polygon' },
  { keys: 'Arrow keys', what: 'Move what is chosen by the grid (with Shift by five), or the view' },
  { keys: '[ and ]', what: 'Turn what is chosen by 5 degrees' },
  { keys: 'W', what: 'Choose the whole rows of the chosen seats' },
  { keys: 'Shift and click', what: 'Add to what is chosen, or take from it' },
  { keys: 'Double click', what: 'Choose the whole row' },
  { keys: 'Alt while dragging', what: 'Move freely, without snapping' },
  { keys: 'Space and drag, middle button', what: 'Move the view' },
  { keys: 'Ctrl or Cmd with A, C, V, D', what: 'Choose all, copy, paste, duplicate' },
  { keys: 'Ctrl or Cmd with Z, Y', what: 'Undo, redo' },
  { keys: 'Delete, Escape', what: 'Delete what is chosen; leave the tool, choose nothing' },
  { keys: '+, −, 0', what: 'Closer, further, all of the plan' },
  { keys: '?', what: 'This list' }
];
