import { ConfigError } from "@lowerbound/core";

/** How an SVG becomes the file that a flag names. @throws ConfigError for another ending, or where a PNG would lack its text */
export async function drawerOf(file: string, flag: string): Promise<(svg: string) => string | Uint8Array> {
  if (file.endsWith(".svg")) return (svg) => svg;
  const { hasFonts, renderPng } = await import("@lowerbound/reports");
  if (file.endsWith(".png") && hasFonts()) return renderPng;
  throw new ConfigError(file.endsWith(".png") ? "this machine has no font for a PNG" : "no such picture format", {
    where: flag,
    expected: "a file that ends in .svg or .png",
  });
}
