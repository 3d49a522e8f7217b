import js from "@eslint/js";
import globals from "globals";

// The files are classic scripts in one scope, put together by Python: what one uses of another is
// known to the check of types.
const shared = ["REFUSALS", "CALL_HINTS", "neuroLibValues", "refusal", "PortableError",
  "StoppedRun", "parsePortable", "compilePortable", "runnable", "told"];

export default [
  js.configs.recommended,
  {
    languageOptions: {
      sourceType: "script",
      globals: { ...globals.browser, ...Object.fromEntries(shared.map((name) => [name, "readonly"])) },
    },
    rules: {
      "no-redeclare": "off",
      "no-unused-vars": ["error", { vars: "local" }],
      "max-len": ["error", { code: 100, ignorePattern: "^const \\$|^  /\\(\\?<|eval" }],
    },
  },
];
