export { clearSession, setSession } from './cookies.ts';
