import { wrap } from "@lowerbound/core";
import type { Chart, Table } from "./chart.js";

/** Width of every chart in all, so that they stand alike side by side, and the usual height of a plot. */
export const WIDTH = 600;
export const HEIGHT = 250;
/** Letters in a line of a title and of a subtitle. */
const TITLE = 58;
const LINE = 78;

export interface Heading {
  readonly title: string;
  readonly subtitle: string;
}

/** What all charts' specifications have in common. */
export function framed({ title, subtitle }: Heading, height: number) {
  return {
    title: { text: wrap(title, TITLE), subtitle: wrap(subtitle, LINE) },
    width: WIDTH,
    height,
    autosize: { type: "fit-x", contains: "padding" },
  } as const;
}

/** A chart from its parts. */
export function chart(
  id: string,
  { title, subtitle }: Heading,
  says: string,
  spec: Chart["spec"],
  table: Table,
): Chart {
  return { id, title, description: `${title}. ${subtitle}. ${says}`, spec, table };
}

export const present = <T>(...found: readonly (T | undefined)[]): readonly T[] =>
  found.filter((each): each is T => each !== undefined);
