/**
 * Whether the first page, which came as HTML, is being taken over by its scripts: what people did with it meanwhile is in
 * the page. Over with the root layout's mounting, which is the last.
 */
let underWay = true;
/** The event on `window` that tells its end. */
export const LIVE = 'fullhouse:live';
export const isHydrating = (): boolean => underWay;
export const endHydration = (): void => {
  underWay = false;
  dispatchEvent(new Event(LIVE));
};
