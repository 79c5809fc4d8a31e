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
