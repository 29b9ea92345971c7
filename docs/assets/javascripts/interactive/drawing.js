// Drawings that a script makes, in the units and the classes of the static figures.

/** @param {string} name @param {Record<string, string | number>} [attributes] @param {(Node | string)[]} children */
export function svg(name, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, String(value));
  element.append(...children);
  return element;
}

/** A path's data: rectangles of one size, by their upper left corners.
 * @param {[number, number][]} corners @param {number} width @param {number} height
 */
export function boxes(corners, width, height) {
  return corners.map(([x, y]) => `M${x} ${y}h${width}v${height}h${-width}z`).join("");
}

/** @param {number} x @param {number} y of the line on which the letters stand @param {string} words @param {string} look */
export function text(x, y, words, look) {
  return svg("text", { x, y, class: look }, words);
}
