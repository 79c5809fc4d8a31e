import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["@lowerbound/source"] },
  ssr: { resolve: { conditions: ["@lowerbound/source"] } },
  test: {
    include: ["packages/*/test/**/*.test.ts", "tools/**/*.test.ts", "bench/**/*.test.ts"],
    typecheck: { enabled: true, include: ["packages/*/test/**/*.test-d.ts"], tsconfig: "./tsconfig.json" },
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
