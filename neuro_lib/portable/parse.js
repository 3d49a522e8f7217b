// Parses the portable subset of Python, into nodes named as in Python's `ast`.
//
// What is Python, but outside of the subset, is refused by the key that the checker in Python has
// for it; what is no Python at all is told in plain words. Both point at their place in the text.

/**
 * @typedef {{type: string, text: string, line: number, col: number, endLine: number, end: number}}
 *   Token
 * @typedef {{type: string, line: number, col: number, endLine: number, end: number,
 *   [field: string]: any}} Tree Python's fields, and its place: lines from 1, columns from 0.
 * @typedef {{line: number, col: number, endLine?: number, end?: number}} Place
 */

/** What a text is refused for, and where. */
class PortableError extends Error {
  /**
   * @param {string} message
   * @param {Place} place
   * @param {string} [key] of the table of refusals
   */
  constructor(message, place, key) {
    super(message);
    this.name = "PortableError";
    this.key = key;
    this.line = place.line;
    this.col = place.col;
    this.end = place.endLine === place.line ? place.end : undefined;
  }
}

/**
 * The error of a refusal, in the words that Python has for it.
 * @param {Place} place
 * @param {string} key
 * @param {...(string | number)} details
 */
function refusal(place, key, ...details) {
  const told = Object.hasOwn(REFUSALS, key) ? REFUSALS[key] : undefined;
  const parts = told ? details : [key]; // without its own words it has at least a name
  const [what, ...why] = (told ?? REFUSALS.other).replaceAll("{}", () => String(parts.shift()))
    .split(": ");
  return new PortableError(`${what} is refused: ${why.join(": ")}`, place, key);
}

// A token, or what stands between two. Its first and its last character tell which it is: so no
// token costs an object of groups, of which most would be empty.
const TOKEN = new RegExp([
  /[ \t\f]+|#[^\n]*|\\?\n/,
  /(?:[rR][bBfF]?|[bBfF][rR]?|[uU])?(?:"""(?:\\[^]|[^\\])*?"""|'''(?:\\[^]|[^\\])*?'''|"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*')/,
  /0[xX](?:_?[\da-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|(?:\d(?:_?\d)*(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?[jJ]?/,
  /[A-Za-z_][A-Za-z_0-9]*/,
  /\.\.\.|\*\*=?|\/\/=?|<<=?|>>=?|->|:=|[-+*/%<>=!&|^@]=|[-+*/%<>=()[\]{}:,.@;&|^~]/,
].map((part) => part.source).join("|"), "y");
/** @param {string} c */
const isDigit = (c) => c >= "0" && c <= "9";

const CLOSING = new Map([["(", ")"], ["[", "]"], ["{", "}"]]);
const KEYWORDS = new Set(("False None True and as assert async await break class continue def " +
  "del elif else except finally for from global if import in is lambda nonlocal not or pass " +
  "raise return try while with yield").split(" "));
const OUTSIDE = new Map(Object.entries({
  class: "ClassDef", lambda: "Lambda", try: "Try", raise: "Raise", assert: "Assert", with: "With",
  import: "Import", from: "Import", yield: "Yield", await: "Yield", global: "Global",
  nonlocal: "Global", del: "Delete", def: "FunctionDef", async: "FunctionDef",
}));
const MISTYPED = new Map(Object.entries({ "×": "*", "·": "*", "÷": "/", "−": "-", "–": "-" }));
const ONLY = "only constants, records and functions can stand here: `K = 1.0`, "
  + "`class Name(NamedTuple):`, `def name(...):`";
// As deep as Python itself lets brackets go; then no text makes the recursion overflow.
const DEEPEST = 200;
const LONGEST = 1000; // operands in a row

/**
 * Split a text into tokens, with those that stand for an indent, a dedent and the end. They come in
 * one list for each definition, since memory that is used again is much faster than new memory.
 * @param {string} text
 * @returns {Generator<Token[], void>}
 */
function* tokensOf(text) {
  /** @type {Token[]} */
  let out = [];
  /** @type {Token[]} */
  const open = [];
  const indents = [0];
  let line = 1, start = 0, fresh = true, decorates = false;
  /** @param {string} type @param {string} word @param {number} col */
  const add = (type, word, col) => {
    const token = { type, text: word, line, col, endLine: line, end: col + word.length };
    out.push(token);
    return token;
  };
  for (let at = 0, end = 0; at < text.length; at = end) {
    const col = at - start;
    TOKEN.lastIndex = at;
    if (!TOKEN.test(text)) throw unreadable(text, at, { line, col });
    end = TOKEN.lastIndex;
    const first = text[at], last = text[end - 1];
    if (last === "\n") {
      if (first === last && !open.length && !fresh) {
        add("newline", "", col);
        fresh = true;
      }
      line++;
      start = end;
      continue;
    }
    if (first === " " || first === "#" || first === "\t" || first === "\f") continue;
    if (fresh) {
      fresh = false;
      indent(text.slice(start, at), col);
      if (col === 0) {
        if (out.length && !decorates) {
          add("end", "", 0);
          yield out;
          out = [];
        }
        decorates = first === "@";
      }
    }
    const word = text.slice(at, end);
    if (last === '"' || last === "'") {
      const token = add("string", word, col), lines = word.split("\n");
      line += lines.length - 1;
      if (lines.length > 1) start = at + word.lastIndexOf("\n") + 1;
      token.endLine = line;
      token.end = end - start;
    } else if (isDigit(first) || (first === "." && isDigit(text[at + 1]))) {
      const token = add("number", word, col);
      if (/[\w.]/.test(text[end] ?? "") || /^0[0-9_]*[1-9][0-9_]*$/.test(word)) {
        throw new PortableError(`\`${word}\` is no number in this form`, token);
      }
    } else if (/\w/.test(first)) {
      const token = add(KEYWORDS.has(word) ? word : "name", word, col);
      if (text.charCodeAt(end) > 127) {
        throw refusal(token, "ascii", /** @type {RegExpExecArray} */
          (/^[\w\u0080-\uffff]+/.exec(text.slice(at)))[0]);
      }
    } else {
      const token = add(word, word, col);
      if (CLOSING.has(word)) {
        open.push(token);
        if (open.length > DEEPEST) throw new PortableError("too many brackets are open", token);
      } else if (")]}".includes(word)) {
        const opened = open.pop();
        if (!opened || CLOSING.get(opened.text) !== word) {
          throw new PortableError(`this \`${word}\` closes nothing`, token);
        }
      }
    }
  }
  /** @param {string} space @param {number} col */
  function indent(space, col) {
    if (space.includes("\t")) {
      throw new PortableError("a line is indented with spaces, not with tabs", { line, col: 0 });
    }
    if (col > /** @type {number} */ (indents.at(-1))) {
      indents.push(col);
      add("indent", "", col);
      if (indents.length > DEEPEST / 2) throw new PortableError("too many indents", { line, col });
    }
    while (col < /** @type {number} */ (indents.at(-1))) {
      indents.pop();
      add("dedent", "", col);
    }
    if (col !== indents.at(-1)) {
      throw new PortableError("this line is indented by another number of spaces than those around "
        + "it", { line, col });
    }
  }
  const unclosed = open.at(-1);
  if (unclosed) throw new PortableError(`this \`${unclosed.text}\` is never closed`, unclosed);
  if (!fresh) add("newline", "", text.length - start);
  for (; indents.length > 1; indents.pop()) add("dedent", "", 0);
  add("end", "", 0);
  yield out;
}

/** @param {string} text @param {number} at @param {Place} place */
function unreadable(text, at, place) {
  const character = String.fromCodePoint(/** @type {number} */ (text.codePointAt(at)));
  const meant = MISTYPED.get(character);
  if (meant) return new PortableError(`\`${character}\` is written \`${meant}\` in Python`, place);
  if (/\p{L}/u.test(character)) {
    const name = /^[\p{L}\p{N}_]+/u.exec(text.slice(at));
    return refusal(place, "ascii", name ? name[0] : character);
  }
  const why = /["']/.test(character) ? "this text has no closing quote"
    : `\`${character}\` means nothing in Python here`;
  return new PortableError(why, place);
}

// Operators of arithmetic: how strongly they bind, and their names.
const BINARY = new Map([
  ["|", "BitOr", 1], ["^", "BitXor", 2], ["&", "BitAnd", 3], ["<<", "LShift", 4],
  [">>", "RShift", 4], ["+", "Add", 5], ["-", "Sub", 5], ["*", "Mult", 6], ["/", "Div", 6],
  ["//", "FloorDiv", 6], ["%", "Mod", 6], ["@", "MatMult", 6],
].map(([sign, op, binds]) => [String(sign), { op: String(op), binds: Number(binds) }]));
const COMPARING = new Map(Object.entries({
  "<": "Lt", ">": "Gt", "<=": "LtE", ">=": "GtE", "==": "Eq", "!=": "NotEq", in: "In", is: "Is",
}));
const SIGNS = new Map([["-", "USub"], ["+", "UAdd"], ["~", "Invert"]]);
const CHANGING = /^(\*\*|\/\/|<<|>>|[-+*/%@&|^])=$/;

/**
 * Parse a module: constants, records, and functions with or without the decorator.
 * @param {string} text
 * @returns {Tree[]}
 */
function parsePortable(text) {
  /** @type {Token[]} */
  let all = [];
  /** @type {Token} */
  let now;
  /** @type {Token} */
  let last;
  let i = 0, depth = 0;

  const next = () => {
    const token = now;
    if (token.text) last = token; // where a node ends, which no layout is a part of
    now = all[++i];
    return token;
  };
  /** @param {string} type */
  const eat = (type) => (now.type === type ? next() : null);
  /** @param {string} message @param {Place} [place] @returns {never} */
  const fail = (message, place = now) => { throw new PortableError(message, place); };
  /** @param {Place} place @param {string} key @param {...string} details @returns {never} */
  const refuse = (place, key, ...details) => { throw refusal(place, key, ...details); };
  /** @param {string} type @param {string} [why] */
  const need = (type, why) =>
    eat(type) ?? fail(why ?? `\`${type}\` is missing before ${shownToken(now)}`);
  /** @param {Token} token */
  function shownToken(token) {
    if (token.type === "newline" || token.type === "end") return "the end of the line";
    if (token.type === "indent") return "a further indent";
    return token.type === "dedent" ? "the end of the block" : `\`${token.text}\``;
  }
  /** @param {string} type @param {Place} from @param {object} fields @returns {Tree} */
  function node(type, from, fields) {
    const { line, col } = from, { endLine, end } = last;
    return Object.assign(fields, { type, line, col, endLine, end });
  }
  /** @param {number} levels */
  function limit(levels) {
    if (levels > DEEPEST) fail("this is nested too deeply: give a part of it a name");
  }
  function unindented() {
    if (now.type === "indent") fail("this line is indented further than the one above it");
  }
  /** @template T @param {() => T} part @returns {T} */
  function deeper(part) {
    limit(++depth);
    const result = part();
    depth--;
    return result;
  }

  // Expressions, from the tightest to the loosest.

  /** @returns {Tree} */
  function atom() {
    const start = next();
    switch (start.type) {
      case "number":
        if (/[jJ]$/.test(start.text)) refuse(start, "Constant", start.text);
        return node("Constant", start, numberOf(start.text));
      case "True": case "False":
        return node("Constant", start, { value: start.type === "True", kind: "bool" });
      case "None": return refuse(start, "Constant", "None");
      case "...": return refuse(start, "Constant", "Ellipsis");
      case "name": return node("Name", start, { id: start.text });
      case "string":
        while (eat("string"));
        return node("Text", start, {});
      case "(": {
        if (eat(")")) return node("Tuple", start, { elts: [] });
        const inner = expressions();
        need(")", missingComma());
        // As in Python, brackets belong to a tuple, and to nothing else.
        return inner.type === "Tuple" && !inner.bracketed
          ? node("Tuple", start, { elts: inner.elts, bracketed: true }) : inner;
      }
      case "[": case "{": return list(start);
    }
    if (OUTSIDE.has(start.type)) refuse(start, String(OUTSIDE.get(start.type)));
    i--;
    now = start;
    return fail(`something is missing before ${shownToken(start)}`);
  }
  /** @param {Token} start @returns {never} */
  function list(start) {
    const isSet = start.type === "{";
    if (now.type !== "]" && now.type !== "}") {
      expression();
      if (eat(":")) expression();
      if (now.type === "for") refuse(start, "ListComp");
    }
    return refuse(start, isSet ? "Dict" : "List");
  }
  const missingComma = () => (["name", "number"].includes(now.type)
    ? `an operator or a comma is missing before ${shownToken(now)}` : undefined);
  function unstarred() {
    if (now.type === "*") refuse(now, "Starred");
  }
  /** @returns {Tree} */
  function primary() {
    const start = now;
    let value = atom();
    for (let count = 0; ; count++) {
      limit(count);
      if (eat("(")) {
        value = node("Call", start, { func: value, ...argumentsOf(start) });
      } else if (eat("[")) {
        if (now.type === ":") refuse(now, "Slice");
        const slice = expressions();
        if (now.type === ":") refuse(slice, "Slice");
        need("]");
        value = node("Subscript", start, { value, slice });
      } else if (eat(".")) {
        const attr = need("name", `a name is missing before ${shownToken(now)}`).text;
        value = node("Attribute", start, { value, attr });
      } else return value;
    }
  }
  /** @param {Token} start @returns {{args: Tree[], keywords: Tree[]}} */
  function argumentsOf(start) {
    /** @type {Tree[]} */
    const args = [];
    /** @type {Tree[]} */
    const keywords = [];
    while (now.type !== ")") {
      if (now.type === "**") refuse(start, "keyword");
      if (now.type === "name" && all[i + 1].type === "=") keywords.push(keyword(keywords));
      else {
        unstarred();
        if (keywords.length) fail("values with names come last");
        args.push(expression());
      }
      if (now.type === "for") refuse(start, "GeneratorExp");
      if (!eat(",")) break;
    }
    need(")", missingComma());
    return { args, keywords };
  }
  /** @param {Tree[]} before @returns {Tree} */
  function keyword(before) {
    const start = next(), arg = start.text;
    if (before.some((other) => other.arg === arg)) fail(`\`${arg}\` is given twice`, start);
    next();
    const value = expression();
    return node("keyword", start, { arg, value });
  }
  /** @returns {Tree} */
  function signed() {
    const start = now, op = SIGNS.get(start.type);
    if (op) {
      next();
      const operand = deeper(signed);
      return node("UnaryOp", start, { op, operand });
    }
    const left = primary();
    if (!eat("**")) return left;
    const right = deeper(signed);
    return node("BinOp", start, { left, op: "Pow", right });
  }
  /** Operators that bind as strongly as `least`, or more. @param {number} least @returns {Tree} */
  function arithmetic(least) {
    const start = now;
    let left = signed();
    for (let count = 0; ; count++) {
      const operator = BINARY.get(now.type);
      if (!operator || operator.binds < least) return left;
      if (count > LONGEST) fail("this expression is too long: give a part of it a name");
      next();
      const right = arithmetic(operator.binds + 1);
      left = node("BinOp", start, { left, op: operator.op, right });
    }
  }
  const isCompared = () =>
    COMPARING.has(now.type) || (now.type === "not" && all[i + 1].type === "in");
  /** @returns {Tree} */
  function comparison() {
    const start = now, left = arithmetic(0);
    if (!isCompared()) return left;
    const ops = [], comparators = [];
    while (isCompared()) {
      let op = COMPARING.get(next().type);
      if (!op) {
        next();
        op = "NotIn";
      }
      if (op === "Is" && eat("not")) op = "IsNot";
      ops.push(op);
      comparators.push(arithmetic(0));
    }
    return node("Compare", start, { left, ops, comparators });
  }
  /** @returns {Tree} */
  function negation() {
    const start = now;
    if (!eat("not")) return comparison();
    const operand = deeper(negation);
    return node("UnaryOp", start, { op: "Not", operand });
  }
  /** @param {"and" | "or"} word @param {string} op @param {() => Tree} part */
  const joined = (word, op, part) => () => {
    const start = now, first = part();
    if (now.type !== word) return first;
    const values = [first];
    while (eat(word)) values.push(part());
    return node("BoolOp", start, { op, values });
  };
  const conjunction = joined("and", "And", negation);
  const disjunction = joined("or", "Or", conjunction);
  /** @returns {Tree} */
  const expression = () => deeper(() => {
    const start = now;
    if (start.type === "lambda") refuse(start, "Lambda");
    const body = disjunction();
    if (now.type === ":=") refuse(start, "NamedExpr");
    if (!eat("if")) return body;
    const test = disjunction();
    need("else", "`a if c` needs an `else b`");
    const orelse = expression();
    return node("IfExp", start, { test, body, orelse });
  });
  /** An expression, or several with commas between. @returns {Tree} */
  function expressions() {
    const start = now;
    unstarred();
    const first = expression();
    if (now.type === "for") refuse(start, "GeneratorExp");
    if (now.type !== ",") return first;
    const elts = [first];
    while (eat(",")) {
      if ([")", "]", ":", "newline", "=", ";"].includes(now.type) || CHANGING.test(now.type)) break;
      unstarred();
      elts.push(expression());
    }
    return node("Tuple", start, { elts });
  }
  /** @returns {Tree} */
  function condition() {
    const test = expression();
    if (now.type === "=") fail("`=` stores a value: to compare, write `==`");
    return test;
  }

  // Statements.

  /** @param {string} what @returns {Tree[]} */
  const block = (what) => deeper(() => {
    need(":", `\`:\` is missing at the end of the line of \`${what}\``);
    if (!eat("newline")) return simple();
    if (!eat("indent")) fail(`the lines under \`${what}\` must be indented`);
    const body = [];
    while (!eat("dedent")) body.push(...statement());
    return body;
  });
  /** @returns {Tree[]} */
  function simple() {
    const body = [];
    do {
      if (now.type === "newline") break;
      body.push(small());
    } while (eat(";"));
    need("newline",
      `${shownToken(now)} is unexpected here: is an operator or a comma missing before it?`);
    return body;
  }
  /** @returns {Tree} */
  function small() {
    const start = now;
    if (eat("pass")) return node("Pass", start, {});
    if (eat("break")) return node("Break", start, {});
    if (eat("continue")) return node("Continue", start, {});
    if (eat("return")) {
      const value = now.type === "newline" || now.type === ";" ? null : expressions();
      return node("Return", start, { value });
    }
    if (start.type !== "await" && OUTSIDE.has(start.type)) {
      refuse(start, String(OUTSIDE.get(start.type)));
    }
    const target = expressions();
    if (now.type === ":") refuse(start, "AnnAssign");
    if (start.text === "match" && target.type === "Name" && now.type !== "=") {
      if (!["newline", ";"].includes(now.type) && !CHANGING.test(now.type)) refuse(start, "Match");
    }
    if (CHANGING.test(now.type)) {
      const sign = next().type.slice(0, -1), value = expressions();
      const op = sign === "**" ? "Pow" : /** @type {any} */ (BINARY.get(sign)).op;
      return node("AugAssign", start, { target: stored(target, false), op, value });
    }
    if (now.type !== "=") return node("Expr", start, { value: target });
    stored(target, true);
    next();
    const value = expressions();
    if (now.type === "=") refuse(start, "assigns");
    return node("Assign", start, { targets: [target], value });
  }
  /** @param {Tree} target @param {boolean} several @returns {Tree} */
  function stored(target, several) {
    if (several && target.type === "Tuple") {
      for (const part of target.elts) stored(part, true);
    } else if (!["Name", "Subscript", "Attribute"].includes(target.type)) {
      fail("nothing can be stored here: left of `=` stands a name, or an element as u[k]", target);
    }
    return target;
  }
  /** @param {Token} start @returns {Tree} */
  const branches = (start) => deeper(() => {
    const test = condition(), body = block(start.text), more = now;
    /** @type {Tree[]} */
    let orelse = [];
    if (eat("elif")) orelse = [branches(more)];
    else if (eat("else")) orelse = block("else");
    return node("If", start, { test, body, orelse });
  });
  /** @param {Token} start @param {object} fields */
  function loop(start, fields) {
    const body = block(start.text);
    if (eat("else")) refuse(block("else")[0], "else");
    return node(start.type === "for" ? "For" : "While", start, { ...fields, body, orelse: [] });
  }
  /** @returns {Tree[]} */
  function statement() {
    const start = now;
    unindented();
    if (eat("if")) return [branches(start)];
    if (start.type === "else" || start.type === "elif") {
      fail(`this \`${start.text}\` has no \`if\` above it at the same indent`);
    }
    if (eat("while")) return [loop(start, { test: condition() })];
    if (eat("for")) {
      const target = targetOfFor();
      need("in");
      return [loop(start, { target, iter: expressions() })];
    }
    if (start.type === "@") {
      decorators();
      refuse(now, "FunctionDef");
    }
    return simple();
  }
  /** @returns {Tree} */
  function targetOfFor() {
    const start = now, elts = [primary()];
    let single = true;
    while (eat(",")) {
      single = false;
      if (now.type !== "in") elts.push(primary());
    }
    return single ? stored(elts[0], true) : stored(node("Tuple", start, { elts }), true);
  }

  // The module.

  function decorators() {
    const found = [];
    while (now.type === "@") {
      next();
      found.push(expression());
      need("newline");
    }
    return found;
  }
  /** @returns {Tree} */
  function definition() {
    const decorator_list = decorators(), start = now;
    if (start.type === "class" && !decorator_list.length) return record();
    if (decorator_list.length > 1) refuse(decorator_list[1], "decorator");
    if (start.type === "async" || start.type === "class") refuse(start, "def");
    need("def", ONLY);
    const name = need("name", "the function has no name").text, args = [];
    if (now.type === "[") refuse(start, "parameters");
    need("(");
    while (now.type !== ")") {
      if (["*", "**", "/"].includes(now.type)) refuse(start, "parameters");
      const arg = need("name", `a parameter is missing before ${shownToken(now)}`);
      const annotation = eat(":") ? expression() : null;
      if (now.type === "=") refuse(start, "parameters");
      args.push(node("arg", arg, { arg: arg.text, annotation }));
      if (!eat(",")) break;
    }
    need(")", missingComma());
    const returns = eat("->") ? annotationOf() : null, body = block("def");
    const first = body[0];
    if (first.type === "Expr" && first.value.type === "Text") {
      body.shift();
      if (!body.length) body.push({ ...first, type: "Pass" });
    }
    return node("FunctionDef", start, { name, args, returns, body });
  }
  /** A class that is nothing but names and kinds. @returns {Tree} */
  function record() {
    const start = next(), form = "a record is written `class Name(NamedTuple):`";
    const name = need("name", form).text;
    need("(", form);
    const base = node("Name", need("name", form), { id: "NamedTuple" });
    if (all[i - 1].text !== base.id) fail(form, base);
    need(")", form);
    need(":", form);
    need("newline", form);
    need("indent", form);
    if (eat("string")) need("newline");
    const body = [];
    while (!eat("dedent")) body.push(recordField());
    return node("ClassDef", start, { name, bases: [base], body });
  }
  /** @returns {Tree} */
  function recordField() {
    const form = "a record has fields: one a line, `name: kind`";
    const start = need("name", form), target = node("Name", start, { id: start.text });
    need(":", form);
    const annotation = node("Name", now, { id: need("name", form).text });
    const field = node("AnnAssign", start, { target, annotation });
    need("newline", form);
    return field;
  }
  /** The kind that a function says to return: its text, as Python writes it. @returns {Tree} */
  function annotationOf() {
    const start = now;
    let text = "", level = 0;
    while (now.type !== "newline" && now.type !== "end" && (now.type !== ":" || level)) {
      level += Number(now.type === "[") - Number(now.type === "]");
      text += next().text + (all[i - 1].type === "," ? " " : "");
    }
    return node("Annotation", start, { text });
  }
  /** @returns {Tree} */
  function constant() {
    const [assigned, ...rest] = simple(), value = assigned.value, target = assigned.targets?.[0];
    const isNumber = (/** @type {Tree} */ n) =>
      ["int", "float"].includes((n.op === "USub" ? n.operand : n).kind);
    if (rest.length || target?.type !== "Name") {
      fail(ONLY, assigned);
    }
    if (!(isNumber(value) || (value.type === "Tuple" && value.elts.every(isNumber)))) {
      fail("a constant is a number, or a tuple of numbers with decimals", value);
    }
    return assigned;
  }
  const module = [];
  for (all of tokensOf(text.replace(/\r\n?/g, "\n"))) {
    i = 0;
    now = last = all[0];
    unindented();
    if (now.type !== "end") module.push(now.type === "name" ? constant() : definition());
  }
  return module;
}

/**
 * Value and kind of a number as it is written.
 * @param {string} text
 */
function numberOf(text) {
  const plain = text.replaceAll("_", "");
  const kind = /^0[xXbBoO]/.test(plain) || !/[.eE]/.test(plain) ? "int" : "float";
  return { value: Number(plain), kind, text: plain };
}
