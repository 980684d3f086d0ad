import { manager } from '$lib/server/desk';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ locals }) => ({ isAdmin: manager(locals).owner === null });
