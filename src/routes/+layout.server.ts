import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ locals }) => {
  const { user, unchecked } = locals.identity;
  return {
    /** Whose tickets this browser may keep; undefined while nobody can say who is signed in. */
    keeper: unchecked ? undefined : (user?.id ?? null),
    /** What was chosen, also while the mail catcher is open, which speaks English. */
    language: locals.chosenLanguage,
    theme: locals.theme,
    user: user && { name: user.name, email: user.email, role: user.role },
    hasInbox: locals.app.inbox !== null
  };
};
