import * as m from '#domain/messages/compiled/forms.js';
import { getContext, setContext } from 'svelte';
import { fromStore, get } from 'svelte/store';
import { superForm, type SuperValidated } from 'sveltekit-superforms/client';
import { zod4Client } from 'sveltekit-superforms/adapters';
import type { FormMessage, TextForm, Typed } from './text-form.ts';

/** A form on a page: Superforms with the habits that all our forms share. Its fields find it by themselves. */
export type ShownForm = ReturnType<typeof showForm>;
const KEY = Symbol('form');

export function showForm(
  first: SuperValidated<Typed>,
  text: Pick<TextForm<unknown>, 'labels' | 'schema'>,
  { warns = true }: { warns?: boolean } = {}
) {
  const made = superForm<Typed>(first, {
    validators: zod4Client(text.schema),
    // Only this form's own answers change it: what another form of the page saves must not undo what is typed here.
    applyAction: 'never',
    resetForm: false,
    autoFocusOnError: true,
    scrollToError: 'auto',
    taintedMessage: warns ? m.leaving() : false,
    onUpdate({ form, result }) {
      if (result.type !== 'failure') return;
      // What was typed stays, whatever the server sent back; only the version it has seen is newer.
      form.data = {
        ...form.data,
        ...get(made.form),
        ...('version' in form.data ? { version: form.data['version'] } : {})
      };
      form.message ??= { kind: 'bad', text: m.check() };
    },
    onError({ result }) {
      made.message.set(trouble(result.error, result.status ?? 500));
    }
  });
  const [values, errors, message] = [fromStore(made.form), fromStore(made.errors), fromStore(made.message)];
  const submitting = fromStore(made.submitting);

  const set = (name: string, value: string) => made.form.update((all) => ({ ...all, [name]: value }));
  const shown = {
    enhance: made.enhance,
    /** Empty until the browser runs our code: without it the form is sent as any form is. */
    get message(): FormMessage | undefined {
      return message.current;
    },
    get submitting(): boolean {
      return submitting.current;
    },
    value: (name: string): string => values.current[name] ?? '',
    set,
    label: (name: string): string => text.labels[name] ?? name,
    wrong: (name: string): string | undefined => errors.current[name]?.[0],
    get wrongAtAll(): string | undefined {
      return errors.current._errors?.[0];
    },
    /** In a conflict: what the other one saved takes the place of what was typed here. */
    takeTheirs(name: string) {
      const differences = message.current?.differences ?? [];
      set(name, differences.find((one) => one.name === name)?.theirs ?? '');
      const rest = differences.filter((one) => one.name !== name);
      if (message.current) made.message.set({ ...message.current, differences: rest });
    }
  };
  return setContext(KEY, shown);
}

export const useForm = (): ShownForm => getContext<ShownForm>(KEY);

/** Why an answer of our server did not come: what was typed is still there, and what to do about it. */
function trouble(error: unknown, status: number): FormMessage {
  const lost = error instanceof TypeError;
  if (lost) {
    return {
      kind: 'bad',
      text: m.unreachable()
    };
  }
  if (status === 401 || status === 403 || status === 404) {
    return {
      ...{ kind: 'bad', signedOut: true },
      text: m.signed_out()
    };
  }
  if (status === 413) return { kind: 'bad', text: m.too_much() };
  return {
    kind: 'bad',
    text: m.not_now()
  };
}
