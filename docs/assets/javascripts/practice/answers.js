// Reads what a reader typed, as kindly as is unambiguous, and judges it.

import { written as shown } from "../interactive/numbers.js";

/**
 * @typedef {{ name: string, style: "number" | "shape" | "places", numbers: number, decimals: number }} Part
 * @typedef {{ wanted: string, example: string, parts: Part[], labelled?: boolean }} Form
 * @typedef {{ numbers: number[], decimals: number[] } | { refused: string }} Reading
 * @typedef {(
 *   | { verdict: "right" }
 *   | { verdict: "rounded", decimals: number }
 *   | { verdict: "wrong", mistakes: string[], right: string[] }
 * )} Judgement
 */

const LONGEST = 300; // characters of an answer
const DIGITS = 12; // of a number: more would not be read exactly
const READINGS = 1000; // looked at; an answer with more is read as it stands
const SQUARE = /\b(\d+) ?x ?\1(?!\d)/gi; // as fields are often told: 7 × 7

const WORDS = new Set(
  `a and are array at biases by c channel channels col cols column columns count field first h height
  high in is it jump logit logits new number of output parameter parameters params pixel pixels places
  px receptive response rf row rows second shape size tensor the torch total value values w weights
  wide width window windows winner winners with x`.split(/\s+/),
);

/** What an answer may name, by the style of its part, in the order in which it is wanted. */
const ORDERS = {
  shape: {
    "channel count": /\bc(?=\b|hannel|\d)/,
    height: /\b(?:h(?=\b|eight|igh|\d)|row)/,
    width: /\b(?:w(?=\b|id|\d)|col)/,
  },
  places: { row: /\brow/, column: /\bcol/ },
  number: { "first logit": /\bfirst/, "second logit": /\bsecond/ },
};

/** @param {Form} form @returns {number[]} how many decimals each number of an answer has */
const decimalsOf = ({ parts }) => parts.flatMap(({ numbers, decimals }) => Array(numbers).fill(decimals));

/** @param {string} text */
function plain(text) {
  return text
    .normalize("NFKC") // full-width digits, narrow spaces
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/[×✕✖*·∗⋅]/g, " x ")
    .replace(/[&|]/g, " ")
    .replace(/≈/g, "=")
    .replace(/\bminus\b/gi, "-")
    .replace(/(\d)['’](?=\d{3}(?!\d))/g, "$1")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/\.$/, "");
}

/** @param {string} text */
const quoted = (text) => `“${text.slice(0, 40)}${text.length > 40 ? "…" : ""}”`;

/**
 * Two names that stand in an answer the other way round than wanted.
 * @param {string} text
 * @param {Form} form
 */
function swappedNames(text, { parts }) {
  const { style } = parts.find((part) => part.style !== "number") ?? parts[0];
  const found = Object.entries(ORDERS[style]).flatMap(([name, pattern]) => {
    const at = text.search(pattern);
    return at < 0 ? [] : [{ name, at }];
  });
  const place = found.findIndex(({ at }, index) => index > 0 && at < found[index - 1].at);
  return place > 0 ? [found[place - 1].name, found[place].name] : undefined;
}

/** @param {number} count @param {string} one */
const several = (count, one) => `${count} ${one}${count === 1 ? "" : "s"}`;

/**
 * Reads the numbers of an answer, or says why it cannot.
 * @param {string} typed
 * @param {Form} form
 * @returns {Reading}
 */
export function read(typed, form) {
  const want = `Wanted: ${form.wanted}, such as ${form.example}.`;
  /** @param {string} reason @returns {Reading} */
  const refuse = (reason) => ({ refused: `${reason} ${want}` });

  if (typed.length > LONGEST) return refuse(`That is longer than ${LONGEST} characters.`);
  const text = form.labelled ? plain(typed).replace(SQUARE, "$1") : plain(typed);
  if (!text) return refuse("There is no answer yet.");
  const unknown =
    text.match(/\p{L}+/gu)?.find((word) => !WORDS.has(word.toLowerCase())) ??
    text.match(/[^\p{L}\d\s.,;:=()[\]{}+-]/u)?.[0] ??
    text.match(/\d*\.\d*\.\d*|[+-] ?(?![\d. ])[^\d]?/)?.[0];
  if (unknown) return refuse(`${quoted(unknown)} could not be read.`);
  const group = form.parts.some(({ style }) => style === "places") ? oddGroup(text) : undefined;
  if (group) return refuse(`${quoted(group)} is no place: a place is a row and a column.`);
  const swapped = swappedNames(text.toLowerCase(), form);
  if (swapped) return refuse(`The ${swapped[0]} comes before the ${swapped[1]} here.`);
  const { parts } = form;
  const last = parts[parts.length - 1];
  const [, after = ""] = text.toLowerCase().split(last.name);
  if (parts.length > 1 && numeralsOf(after).length > last.numbers) {
    return refuse(`The ${last.name} ${last.name.endsWith("s") ? "come" : "comes"} last here.`);
  }

  const decimals = decimalsOf(form);
  const readings = readingsOf(text, decimals.some(Boolean));
  const fitting = readings.filter(
    (numerals) => numerals.length === decimals.length && numerals.every((one, place) => fits(one, decimals[place])),
  );
  if (fitting.length === 1) {
    const numerals = fitting[0].map(plainNumeral);
    return { numbers: numerals.map(Number), decimals: numerals.map(typedDecimals) };
  }
  if (fitting.length > 1) {
    const two = fitting.slice(0, 2).map((numerals) => numerals.map(asTyped).join(" and "));
    return refuse(`That may mean ${two.join(", or ")}. Put a space after a comma that separates.`);
  }
  const [numerals] = readings;
  if (!numerals.length) return refuse(`${quoted(text)} holds no number.`);
  if (numerals.length !== decimals.length) {
    return refuse(`That was read as ${several(numerals.length, "number")}, ${list(numerals)}; ${decimals.length} ${decimals.length === 1 ? "is" : "are"} needed.`);
  }
  const odd = numerals.find((one, place) => !fits(one, decimals[place])) ?? "";
  const long = odd.replace(/\D/g, "").length > DIGITS;
  return refuse(`${quoted(asTyped(odd))} is ${long ? "too long a number" : "no whole number from zero up"}.`);
}

/** @param {string[]} numerals */
function list(numerals) {
  const all = numerals.slice(0, 12).map(asTyped);
  return all.join(", ") + (numerals.length > all.length ? ", …" : "");
}

/** @param {string} numeral where "_" separates thousands */
const plainNumeral = (numeral) => numeral.replaceAll("_", "");

/** @param {string} numeral */
const asTyped = (numeral) => numeral.replaceAll("_", ",").replace("-", "−");

/** @param {string} numeral */
const typedDecimals = (numeral) => numeral.split(".")[1]?.length ?? 0;

/**
 * A place with decimals takes any number, but no thousands: their comma would be a decimal one. A
 * place without takes whole numbers from zero, written 13.0, too; 1.000 may mean a thousand.
 * @param {string} numeral
 * @param {number} decimals
 */
function fits(numeral, decimals) {
  if (numeral.replace(/\D/g, "").length > DIGITS) return false;
  return decimals > 0 ? !numeral.includes("_") : /^[\d_]+(?:\.00?)?$/.test(numeral);
}

/**
 * All ways to read the numerals of a text. A comma or space between digits may separate numbers or
 * thousands, and a comma may be a decimal one. The first way is the plainest: both separate.
 * @param {string} text
 * @param {boolean} fractions whether a decimal comma may be meant
 * @returns {string[][]}
 */
function readingsOf(text, fractions) {
  const joints = [...text.matchAll(/(?<=\d)[, ](?=\d)/g)].map(({ index }) => index);
  /** @type {Map<string, string[]>} */
  const found = new Map();
  let looked = 0;

  /** @param {number} next @param {string} so */
  function branch(next, so) {
    if (looked > READINGS) return;
    if (next === joints.length) {
      looked++;
      const numerals = numeralsOf(so);
      found.set(numerals.join(" "), numerals);
      return;
    }
    const place = joints[next];
    const before = so.slice(0, place);
    const after = so.slice(place + 1);
    branch(next + 1, `${before} ${after}`);
    // What stands for a joint is as long, so the next ones stay where they are.
    if (/(?:^|[^\d._])[1-9]\d{0,2}(?:_\d{3})*$/.test(before) && /^\d{3}(?!\d)/.test(after)) {
      branch(next + 1, `${before}_${after}`);
    }
    if (fractions && so[place] === "," && /(?:^|[^\d._])\d+$/.test(before) && !/^\d+\./.test(after)) {
      branch(next + 1, `${before}.${after}`);
    }
  }
  branch(0, text);
  return looked > READINGS ? [numeralsOf(text)] : [...found.values()];
}

/** @param {string} text */
const numeralsOf = (text) =>
  [...text.matchAll(/([+-] ?)?((?:\d[\d_]*(?:\.\d*)?|\.\d+))/g)].map(
    ([, sign, digits]) => (sign?.startsWith("-") ? "-" : "") + digits.replace(/\.$/, ""),
  );

/**
 * A bracketed group of an answer in places that does not hold two numbers.
 * @param {string} text
 */
const oddGroup = (text) =>
  text.match(/\([^()]*\)|\[[^[\]]*\]/g)?.find((group) => !/[([]/.test(group.slice(1)) && (group.match(/\d+/g)?.length ?? 0) !== 2);

/**
 * What was read, as the site writes it.
 * @param {number[]} numbers
 * @param {Form} form
 * @param {number[]} [decimals] as many as were typed
 */
export function written(numbers, { parts, labelled }, decimals) {
  let first = 0;
  const texts = parts.map(({ name, style, numbers: count, decimals: wanted }) => {
    const own = numbers.slice(first, first + count);
    const texts = own.map((number, place) => shown(number, decimals?.[first + place] ?? wanted));
    first += count;
    if (style === "shape") return texts.join(" × ");
    if (style === "number") return labelled ? `${name} ${texts[0]}` : texts[0];
    return texts.flatMap((row, place) => (place % 2 ? [] : `(${row}, ${texts[place + 1]})`)).join(", ");
  });
  return texts.join(labelled ? ", " : " and ");
}

/**
 * Two answers that mean the same have the same key; the order of several places means nothing.
 * @param {number[]} numbers
 * @param {Form} form
 */
export function meaning(numbers, { parts }) {
  if (parts.length > 1 || parts[0].style !== "places") return numbers.map((one) => one + 0).join(" ");
  const pairs = numbers.flatMap((row, place) => (place % 2 ? [] : `${row}:${numbers[place + 1]}`));
  return pairs.sort().join(" ");
}

/**
 * Judges an answer: right, right but for too few decimals, or wrong by which mistakes.
 * @param {{ numbers: number[], decimals: number[] }} given
 * @param {{ form: Form, answer: number[], mistakes: Record<string, number[]> }} problem
 * @returns {Judgement}
 */
export function judge({ numbers, decimals }, { form, answer, mistakes }) {
  const given = meaning(numbers, form);
  if (given === meaning(answer, form)) return { verdict: "right" };
  const whole = Object.keys(mistakes).find((name) => meaning(mistakes[name], form) === given);
  if (whole) return { verdict: "wrong", mistakes: [whole], right: rightParts(numbers, answer, form) };
  const wanted = decimalsOf(form);
  const near = numbers.every(
    (number, place) =>
      number === answer[place] ||
      (decimals[place] < wanted[place] &&
        Math.abs(number - answer[place]) <= 0.5 / 10 ** decimals[place] + 1e-9),
  );
  if (near) return { verdict: "rounded", decimals: Math.max(...wanted) };
  return { verdict: "wrong", mistakes: partMistakes(numbers, answer, mistakes, form), right: rightParts(numbers, answer, form) };
}

/** @param {Form} form */
function* slices({ parts }) {
  let first = 0;
  for (const part of parts) {
    yield { part, own: (/** @type {number[]} */ numbers) => numbers.slice(first, first + part.numbers).join(" ") };
    first += part.numbers;
  }
}

/**
 * @param {number[]} numbers
 * @param {number[]} answer
 * @param {Form} form
 */
function rightParts(numbers, answer, form) {
  const right = [];
  for (const { part, own } of slices(form)) if (own(numbers) === own(answer)) right.push(part.name);
  return right;
}

/**
 * The mistakes behind an answer whose wrong parts come from several; none unless each is explained.
 * @param {number[]} numbers
 * @param {number[]} answer
 * @param {Record<string, number[]>} mistakes
 * @param {Form} form
 */
function partMistakes(numbers, answer, mistakes, form) {
  const found = new Set();
  for (const { own } of slices(form)) {
    if (own(numbers) === own(answer)) continue;
    const name = Object.keys(mistakes).find((one) => own(mistakes[one]) === own(numbers));
    if (!name) return [];
    found.add(name);
  }
  return [...found];
}
