/** A number as people read it: four significant digits, whole ones in full; a minus sign, thousands apart. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const text =
    Number.isInteger(value) && size < 1e12
      ? size.toLocaleString("en-GB")
      : size >= 1e7 || size < 1e-4
        ? exponential(size)
        : size.toLocaleString("en-GB", { maximumSignificantDigits: 4 });
  return value < 0 ? `−${text}` : text;
}

function exponential(size: number): string {
  const [digits, power = "0"] = size.toExponential(3).split("e");
  return `${Number(digits)}e${power.replace("+", "").replace("-", "−")}`;
}

/** How a column's numbers read: with as many decimals each, so that digits stand below one another. */
export function columnFormat(values: readonly number[]): (value: number) => string {
  const sizes = values.map(Math.abs).filter((size) => size > 0);
  const [least, most] = extremes(sizes);
  // Numbers of very different size have no decimals in common.
  if (sizes.length === 0 || !Number.isFinite(most) || least < most / 1e4 || most >= 1e7 || least < 1e-4)
    return numberText;
  const room = Math.max(0, 3 - Math.floor(Math.log10(most)));
  const digits = Math.min(room, extremes(sizes.map(decimals))[1]);
  const style = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return (value) => `${value < 0 ? "−" : ""}${Math.abs(value).toLocaleString("en-GB", style)}`;
}

/** The least and the greatest, of any number of values: Math.min takes only so many arguments. */
export const extremes = (values: readonly number[]): readonly [number, number] => [
  values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
  values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
];

/** Decimals of a number's first four digits. */
const decimals = (size: number): number => String(Number(size.toPrecision(4))).split(".")[1]?.length ?? 0;
