import js from "@eslint/js";
import globals from "globals";

// The compiler's files are classic scripts in one scope, put together by Python: what one uses of
// another is known to the check of types. The runtime's modules stand behind them in that scope.
const shared = ["REFUSALS", "CALL_HINTS", "neuroLibValues", "refusal", "PortableError",
  "StoppedRun", "parsePortable", "compilePortable", "runnable", "told"];
const known = {
  ...globals.browser, ...Object.fromEntries(shared.map((name) => [name, "readonly"])),
};

export default [
  { ignores: ["web/vendor/"] },
  js.configs.recommended,
  {
    languageOptions: { sourceType: "script", globals: known },
    rules: {
      "no-redeclare": "off",
      semi: "error", // without which Python could not put the lines of a program together
      "no-unused-vars": ["error", { vars: "local" }],
      "max-len": ["error", { code: 100, ignorePattern: "^const \\$|^  /.*/,$|eval" }],
    },
  },
  {
    files: ["**/runtime/*.js", "web/lite/extension/{brought,edited,opening,preview,saving,status}.js"],
    languageOptions: { sourceType: "module" },
    rules: { "no-unused-vars": "error" },
  },
  {
    files: ["web/lite/*.mjs"], // what packs Python
    languageOptions: { sourceType: "module", globals: globals.node },
  },
  { files: ["web/lite/**", "web/offline/**"], rules: { "max-len": "off" } },
];
