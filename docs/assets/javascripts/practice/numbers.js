// How numbers are written on this site.

/**
 * With a minus sign and, from a thousand on, commas.
 * @param {number} number
 * @param {number} [decimals]
 */
export function shown(number, decimals = 0) {
  const [whole, fraction] = Math.abs(number).toFixed(decimals).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  const sign = number < 0 ? "−" : "";
  return sign + grouped + (fraction ? `.${fraction}` : "");
}

/**
 * A computed number without the error of binary fractions; throws where that is not all it loses.
 * @param {number} number
 * @param {number} decimals
 */
export function exact(number, decimals) {
  const rounded = Number(number.toFixed(decimals));
  if (Math.abs(rounded - number) > 1e-9) throw new Error(`${number} has more than ${decimals} decimals`);
  return rounded + 0; // no −0
}
