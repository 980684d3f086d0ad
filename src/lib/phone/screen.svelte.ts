import { MediaQuery } from 'svelte/reactivity';

/** A phone held either way. The same words stand in the styles: a media query knows no variables. */
const upright = new MediaQuery('max-width: 760px');
const across = new MediaQuery('(min-width: 761px) and (max-width: 960px) and (max-height: 480px)');

export const screen = {
  get upright() {
    return upright.current;
  },
  get across() {
    return across.current;
  },
  get phone() {
    return upright.current || across.current;
  }
};
