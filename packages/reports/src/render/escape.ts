const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text that is safe between tags and in quoted attributes of HTML and SVG. */
export const escapeText = (text: string): string => text.replaceAll(/[&<>"']/g, (letter) => ENTITIES[letter]!);
