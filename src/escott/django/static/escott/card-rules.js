"use strict";

/*
 * What makes a card number, an expiry, a security code and a holder's name right.
 * Reads texts, gives texts and the names of problems; knows nothing of the page.
 *
 * `leadingDigits`: the server's ranges, such as {"amex": [["34", "34"], ["37", "37"]]}.
 */
window.escottCardRules = (leadingDigits) => {
  /* `lengths`: digits of the number; `groups`: how they are spaced; `code`: digits of the
     security code. */
  const BRANDS = [
    { name: "visa", lengths: [16], groups: [4, 4, 4, 4], code: [3] },
    { name: "mastercard", lengths: [16], groups: [4, 4, 4, 4], code: [3] },
    { name: "jcb", lengths: [16], groups: [4, 4, 4, 4], code: [3] },
    { name: "amex", lengths: [15], groups: [4, 6, 5], code: [4] },
    { name: "diners", lengths: [14], groups: [4, 6, 4], code: [3] },
  ];

  /* Any other card: the gateway takes 14 to 16 digits. */
  const OTHER = { name: "other", lengths: [14, 15, 16], groups: [4, 4, 4, 4], code: [3, 4] };

  const halfWidth = (text) => text.normalize("NFKC");
  const digitsOf = (text) => halfWidth(text).replace(/[^0-9]/g, "");

  const startsWithin = (digits, [from, to]) => {
    const start = digits.slice(0, from.length);
    return start.length === from.length && from <= start && start <= to;
  };

  /* The brand of a number that may still be being typed. */
  const brandOf = (numberText) => {
    const digits = digitsOf(numberText);
    return BRANDS.find(({ name }) => leadingDigits[name].some((range) => startsWithin(digits, range))) || OTHER;
  };

  /* Too few digits to tell the brand: more could still make it one of the table's. */
  const isUndecided = (numberText) => {
    const digits = digitsOf(numberText);
    const mayBecome = ([from, to]) => {
      const [first, last] = [from, to].map((end) => end.slice(0, digits.length));
      return digits.length < from.length && first <= digits && digits <= last;
    };
    return brandOf(digits) === OTHER && Object.values(leadingDigits).flat().some(mayBecome);
  };

  const checkDigitIsRight = (digits) => {
    let sum = 0;
    [...digits].reverse().forEach((digit, place) => {
      const value = Number(digit) * (place % 2 ? 2 : 1);
      sum += value > 9 ? value - 9 : value;
    });
    return sum % 10 === 0;
  };

  const numberProblem = (text) => {
    const digits = digitsOf(text);
    const { lengths } = brandOf(text);
    if (!digits) return "empty";
    if (digits.length < lengths[0]) return "short";
    if (digits.length > lengths[lengths.length - 1]) return "long";
    return checkDigitIsRight(digits) ? null : "checkDigit";
  };

  /* {month: "12", year: "28"} from 12/28, 1228, 12/2028 or 12 28; otherwise null. */
  const expiryOf = (text) => {
    const plain = halfWidth(text).trim();
    const parts =
      plain.match(/^(\d{1,2})\s*[/.\s-]\s*(?:20)?(\d{2})$/) || plain.match(/^(\d{2})(?:20)?(\d{2})$/);
    if (!parts || Number(parts[1]) < 1 || Number(parts[1]) > 12) return null;
    return { month: parts[1].padStart(2, "0"), year: parts[2] };
  };

  /* `today` is YYYY-MM-DD; a card is good to the last day of its month. */
  const expiryProblem = (text, today) => {
    if (!text.trim()) return "empty";
    const expiry = expiryOf(text);
    if (!expiry) return "format";
    return `20${expiry.year}-${expiry.month}` < today.slice(0, 7) ? "past" : null;
  };

  const codeProblem = (text, brand) => {
    const digits = digitsOf(text);
    if (!digits) return "empty";
    if (brand.code.includes(digits.length)) return null;
    return { 3: "three", 4: "four", "3,4": "threeOrFour" }[brand.code.join()];
  };

  /* As cards print a name: capitals without accents. Marks of other scripts stay. */
  const capitals = (text) =>
    text
      .normalize("NFKD")
      .replace(/([A-Za-z])[\u0300-\u036f]+/g, "$1")
      .normalize("NFKC")
      .toUpperCase();

  const holderProblem = (text) => {
    const holder = capitals(text).trim();
    if (!holder) return "empty";
    return /^[A-Z\s]+$/.test(holder) ? null : "letters";
  };

  const spaced = (digits, groups, separator) => {
    const parts = [];
    let at = 0;
    groups.forEach((size, place) => {
      const end = place === groups.length - 1 ? digits.length : at + size;
      parts.push(digits.slice(at, end));
      at += size;
    });
    return parts.filter(Boolean).join(separator);
  };

  const spacedNumber = (text) => spaced(digitsOf(text), brandOf(text).groups, " ");

  /* 1228 as 12/28, while it is typed too; 2028 in 12/2028 stays as it is. */
  const slashedExpiry = (text) => {
    const plain = halfWidth(text).replace(/^\s*(\d)\s*[/.\s-]/, "0$1/");
    const digits = digitsOf(plain);
    const slashTyped = digits.length === 2 && /^\d{2}\s*[/.\s-]/.test(plain);
    return slashTyped ? `${digits}/` : spaced(digits, [2, 4], "/");
  };

  return Object.freeze({
    digitsOf, brandOf, isUndecided, expiryOf, capitals,
    numberProblem, expiryProblem, codeProblem, holderProblem,
    spacedNumber, slashedExpiry,
  });
};
