/** Where an error happened, as errors name a program. */
export const placeOf = (program: { readonly name: string }): string => `program "${program.name}"`;

/** What an error says, whatever was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
