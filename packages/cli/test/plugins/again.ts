// Takes a type that tiny.ts has taken.
export { algorithm } from "./tiny.js";
