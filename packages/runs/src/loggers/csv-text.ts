/** One line of CSV (RFC 4180, without its line end). */
export function formatCsv(fields: readonly (string | number)[]): string {
  return fields
    .map(String)
    .map((text) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text))
    .join(",");
}

/** The fields of one line that holds no line ends of its own. */
export function parseCsv(line: string): readonly string[] {
  // A comma before the line makes every field begin alike.
  const fields = `,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g);
  return [...fields].map(([, quoted, plain = ""]) => quoted?.replaceAll('""', '"') ?? plain);
}
