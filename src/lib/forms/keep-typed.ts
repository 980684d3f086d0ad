import type { SubmitFunction } from '@sveltejs/kit';
import { tick } from 'svelte';

/** For `use:enhance`: what was typed stays, and the first field that is wrong has the focus. */
export const keepTyped: SubmitFunction =
  ({ formElement }) =>
  async ({ update }) => {
    await update({ reset: false });
    await tick();
    formElement.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  };
