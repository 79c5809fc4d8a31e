import { escapeText } from "../render/escape.js";
import { paragraph } from "./html.js";
import type { Section } from "./sections.js";
import { style } from "./style.js";

/** The whole page: nothing in it is loaded from elsewhere, and no script runs. */
export function pageHtml(title: string, lead: string, sections: readonly Section[]): string {
  const links = sections.map(({ id, title: name }) => `<li><a href="#${id}">${escapeText(name)}</a></li>`);
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none';style-src 'unsafe-inline';img-src data:">`,
    '<link rel="icon" href="data:,">',
    `<title>${escapeText(title)}</title><style>${style}</style></head><body>`,
    `<header><h1>${escapeText(title)}</h1>${paragraph(lead, "lead")}`,
    `<nav aria-label="Sections"><ul>${links.join("")}</ul></nav></header>`,
    `<main>${sections.map(({ html }) => html).join("\n")}</main>`,
    "<footer>Every number comes from the runs' files. Made by lowerbound report.</footer></body></html>\n",
  ].join("\n");
}
