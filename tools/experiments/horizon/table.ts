import { tableWithCommands, writeBetween } from "../page.js";
import { type FinishedHorizon, finishedHorizons, SHOWN } from "./finished.js";
import { horizonRows } from "./rows.js";

/** Ways to predict, as the table calls them. */
const WAYS = ["drawn", "most likely"] as const;

/** Write the table of all finished rows into the page on prediction, between its markers. */
export async function writeHorizons(): Promise<void> {
  const order = horizonRows.map(({ name }) => name);
  const rows = (await finishedHorizons.readAll()).sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  const head = ["width", "parameters", "episodes", "steps", "updates", "loss", "way", ...SHOWN.map(String)];
  const commands = rows.flatMap((row) => row.commands);
  await writeBetween("docs/prediction.md", "horizons", tableWithCommands(head, rows.flatMap(linesOf), commands));
}

const linesOf = ({ embedding, parameters, episodes, steps, updates, loss, errors }: FinishedHorizon): string[][] =>
  WAYS.map((way) => [
    ...[embedding, parameters, episodes, steps, updates].map(String),
    loss.toFixed(2),
    way,
    ...errors[way]!.map((error) => error.toPrecision(3)),
  ]);
