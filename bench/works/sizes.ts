// Sizes of the baselines: HalfCheetah's dimensions, the published networks and batches.
export const dimensions = { observation: 17, action: 6 } as const;
export const batch = 256;
