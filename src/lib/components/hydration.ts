/**
 * Whether the first page, which came as HTML, is being taken over by its scripts: what people did with it meanwhile is in
 * the page. Over with the root layout's mounting, which is the last.
 */
let underWay = true;
export const isHydrating = (): boolean => underWay;
export const endHydration = (): void => {
  underWay = false;
};
