import { ConfigError } from "@lowerbound/core";
import { fileOf } from "../options/file.js";

/** A picture that a flag asks for. */
export interface Picture {
  readonly path: string;
  /** An SVG as what the file holds. */
  readonly draw: (svg: string) => string | Uint8Array;
}

/** The picture of a flag, at the `usual` path where it names no file. @throws ConfigError for a file of another kind */
export async function pictureOf(
  value: string | true | undefined,
  flag: string,
  usual: string,
): Promise<Picture | undefined> {
  if (value === undefined) return undefined;
  const path = value === true ? usual : fileOf(value, flag);
  return { path, draw: await drawerOf(path, flag) };
}

/** How an SVG becomes the file that a flag names. @throws ConfigError for another ending, or where a PNG would lack its text */
async function drawerOf(file: string, flag: string): Promise<Picture["draw"]> {
  if (file.endsWith(".svg")) return (svg) => svg;
  const { hasFonts, renderPng } = await import("@lowerbound/reports");
  if (file.endsWith(".png") && hasFonts()) return renderPng;
  throw new ConfigError(file.endsWith(".png") ? "this machine has no font for a PNG" : "no such picture format", {
    where: flag,
    expected: "a file that ends in .svg or .png",
  });
}
