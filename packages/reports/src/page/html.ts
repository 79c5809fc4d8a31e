import type { Cell, Table } from "../charts/chart.js";
import { escapeText } from "../render/escape.js";
import { columnFormat } from "./numbers.js";

/** A table that scrolls in itself; columns of numbers stand right. */
export function tableHtml({ columns, rows }: Table, label: string): string {
  const numeric = columns.map(
    (_, at) => rows.some((row) => typeof row[at] === "number") && rows.every((row) => typeof row[at] !== "string"),
  );
  const formats = columns.map((_, at) =>
    columnFormat(rows.map((row) => row[at]).filter((cell) => typeof cell === "number")),
  );
  const kind = (at: number) => (numeric[at] === true ? "number" : "text");
  const head = columns.map((name, at) => `<th scope="col" class="${kind(at)}">${escapeText(name)}</th>`).join("");
  const body = rows.map(
    (row) =>
      `<tr>${columns.map((_, at) => `<td class="${kind(at)}">${cellHtml(row[at], formats[at]!)}</td>`).join("")}</tr>`,
  );
  return (
    `<div class="scroll" role="region" tabindex="0" aria-label="${escapeText(label)}"><table><thead><tr>${head}</tr></thead>` +
    `<tbody>${body.join("")}</tbody></table></div>`
  );
}

const cellHtml = (cell: Cell, format: (value: number) => string): string =>
  cell === undefined ? "–" : typeof cell === "number" ? format(cell) : escapeText(cell);

/** A section with a heading that can be linked to. */
export const sectionHtml = (id: string, title: string, body: string): string =>
  `<section id="${id}" aria-labelledby="${id}-heading"><h2 id="${id}-heading">${escapeText(title)}</h2>${body}</section>`;

export const paragraph = (text: string, kind = ""): string =>
  `<p${kind === "" ? "" : ` class="${kind}"`}>${escapeText(text)}</p>`;
