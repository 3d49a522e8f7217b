// Compiles the portable subset of Python to JavaScript, and refuses whatever the checker in Python
// refuses: the two are one set of rules, held together by tests.
//
// A kind is "float", "int", "bool", "Array", the name of a record, a list of kinds for several
// values at once, or undefined for nothing. Each expression gives its JavaScript and its kind. A
// record becomes an array, so that no name of a field comes into the code.

/**
 * @typedef {string | any[] | undefined} Kind
 * @typedef {[code: string, kind: Kind]} Compiled
 * @typedef {{parameters: [name: string, kind: string][], returns: Kind, code: string}} Routine
 * @typedef {Map<string, [kind: string, place: number]>} Fields by name
 * @typedef {{constants: Map<string, Kind>, records: Map<string, Fields>,
 *   routines: Map<string, Routine>}} Scope
 */

const KINDS = ["float", "int", "bool", "Array"];
const OF_MATH = ["exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "atan", "cosh", "tanh",
  "floor"];
const OF_PYTHON = ["abs", "float", "len", "max", "min", "range", "zeros"];
const NUMBERS_OF_MATH = new Map([["pi", "Math.PI"], ["inf", "Infinity"]]);
const MEANING = new Set([...OF_MATH, ...OF_PYTHON, ...NUMBERS_OF_MATH.keys()]);
const CHECKED = ["log", "log1p", "sqrt", "floor"]; // functions that do not exist for some numbers
const LARGEST_INT = 2 ** 31;
const LONGEST_ARRAY = 5e6;
// Steps of loops until the first look at the clock, and from each to the next: hardly a scene that
// comes to its end takes as many, so that a slow or busy machine stops none.
const FIRST_LOOK = 1e6;
const NEXT_LOOK = 20000;
const SHORT = 1e5; // steps of a loop that are counted at its start, which is faster than one by one

// What the compiled code stands on. All that it names carries a `$`, as no name of Python's does:
// `$stop` ends a run, `$limit` is its budget in milliseconds, both given by who runs it. Loops
// count down and look at the clock once in a while. `min` and `max` are Python's, which differ from
// Math's for NaN and -0; that of floor(-0.0) is 0, so that no counter shows as "-0". What lies
// outside of an array is undefined: a check that engines make for nothing. An array that a
// function makes of numbers alone is kept until it is asked for others: each caller gets a copy.
// Engines take a number out of a record for a float, and loops that count in floats are slow; what
// a parameter is they ask at each step of a loop, unless a sign in front of it makes it a float.
const SUPPORT = `"use strict";
let $left=0,$end=0;
const $late=line=>{if(Date.now()>$end)$stop(line,"TimeoutError","this loop did not come to an end in "+$limit+" ms");$left=${NEXT_LOOK}};
const $long=(n,line)=>{if(n>${SHORT})return true;if(n>0&&($left-=n)<0)$late(line);return false};
const $div=(a,b,line)=>b===0?$stop(line,"ZeroDivisionError","division by zero"):a/b;
const $none=(u,k,line)=>$stop(line,"IndexError","there is no element "+k+": the array "+(u.length?"has the elements 0 to "+(u.length-1):"is empty"));
const $at=(u,k,line)=>{const x=u[k];return x===undefined?$none(u,k,line):x};
const $in=(u,k,line)=>u[k]===undefined?$none(u,k,line):k;
const $never=(x,what,line)=>$stop(line,"ValueError","there is no "+what+" of "+x);
const $log=(x,line)=>x<=0?$never(x,"logarithm",line):Math.log(x);
const $log1p=(x,line)=>x<=-1?$never(x,"log1p",line):Math.log1p(x);
const $sqrt=(x,line)=>x<0?$never(x,"square root",line):Math.sqrt(x);
const $floor=(x,line)=>x-x===0?x?Math.floor(x):0:$never(x,"floor",line);
const $zeros=(n,line)=>n>=0&&n<=${LONGEST_ARRAY}?new Float64Array(n):$stop(line,"ValueError","an array cannot have "+n+" elements");
const $int=(x,line)=>{if((x|0)!==x)$stop(line,"OverflowError","a record holds no int as large as "+x);return x|0};
const $kept=make=>{let of,made;return(...values)=>{if(!of||values.some((x,k)=>x!==of[k])){made=make(...values);of=values}return made.slice()}};
const $min=(a,b)=>b<a?b:a,$max=(a,b)=>b>a?b:a;
${[2, 3, 4, 5, 6, 7, 8, 9].map((n) => `const $pow${n}=x=>x${"*x".repeat(n - 1)};`).join("")}
`;

/** @param {Kind} kind @returns {string} */
const shown = (kind) =>
  (Array.isArray(kind) ? `tuple[${kind.map(shown).join(", ")}]` : kind ?? "None");
/** @param {Kind} a @param {Kind} b */
const same = (a, b) => a === b || shown(a) === shown(b);
/** @param {Kind} kind */
const isNumber = (kind) => kind === "float" || kind === "int";

/**
 * Value of a whole number as it stands in the text, perhaps with a minus sign.
 * @param {Tree} n
 * @returns {number | null}
 */
function literal(n) {
  const sign = n.type === "UnaryOp" && n.op === "USub" ? -1 : 1, number = sign < 0 ? n.operand : n;
  return number.kind === "int" ? sign * number.value : null;
}

/** @param {Place} place @param {string} name */
const defined = (place, name) =>
  new PortableError(`\`${name}\` is defined already: choose another name`, place);

/**
 * Names that are stored in anywhere below some statements.
 * @param {Tree[]} statements
 * @param {(name: string, byLoop: boolean) => void} note
 */
function eachStore(statements, note) {
  for (const n of statements) {
    const targets = n.targets ?? (n.target ? [n.target] : []);
    for (const target of targets.flatMap((/** @type {Tree} */ t) => t.elts ?? [t])) {
      if (target.type === "Name") note(target.id, n.type === "For");
    }
    eachStore(n.body ?? [], note);
    eachStore(n.orelse ?? [], note);
  }
}

/**
 * Check one function and compile it.
 * @param {Tree} tree
 * @param {Scope} scope
 * @returns {Routine}
 */
function compileFunction(tree, { constants, records, routines }) {
  /** @type {Map<string, Kind>} */
  const kinds = new Map();
  /** @type {[string, string][]} */
  const parameters = [];
  const locals = new Set(), stored = new Set(), declared = new Set(), bounded = new Set();
  /** @type {Set<string> | null} names that certainly have a value here; null: nobody comes here */
  let assigned = new Set();
  /** @type {{kind: Kind} | null} */
  let returned = null;
  /** @type {boolean[]} of each loop around, whether a break leaves it */
  const breaks = [];
  let hidden = 0;

  /**
   * @param {Place} place @param {string} key @param {...(string | number)} details
   * @returns {never}
   */
  const refuse = (place, key, ...details) => { throw refusal(place, key, ...details); };

  // Expressions

  /** @param {Tree} n @returns {Compiled} */
  const expression = (n) =>
    (Object.hasOwn(EXPRESSIONS, n.type) ? EXPRESSIONS[n.type](n) : refuse(n, n.type, n.type));
  /** An expression, or several with commas between. @param {Tree} n @returns {Compiled} */
  function value(n) {
    if (n.type !== "Tuple") return expression(n);
    const all = n.elts.map(expression);
    return [`[${all.map((/** @type {Compiled} */ [code]) => code)}]`,
      all.map((/** @type {Compiled} */ [, kind]) => kind)];
  }
  /** @param {Tree} n @returns {Compiled} */
  function number(n) {
    const [code, kind] = expression(n);
    if (!isNumber(kind)) refuse(n, "number", shown(kind));
    return [code, kind];
  }
  /** @param {Tree} n @param {Kind} kind @param {string} where @returns {string} */
  function expect(n, kind, where) {
    const [code, found] = expression(n);
    if (!same(found, kind)) refuse(n, "expected", shown(found), where, shown(kind));
    return code;
  }
  /** @param {Tree} n @returns {string} */
  function condition(n) {
    const [code, kind] = expression(n);
    if (kind !== "bool") refuse(n, "condition", shown(kind));
    return code;
  }
  /**
   * Code of a call's arguments; "number" stands for either kind of number.
   * @param {Tree} n @param {string[]} wanted @returns {string[]}
   */
  function argumentsOf(n, wanted) {
    const { args, func } = n;
    if (args.length !== wanted.length) refuse(n, "arguments", args.length, func.id, wanted.length);
    return args.map((/** @type {Tree} */ a, /** @type {number} */ k) =>
      (wanted[k] === "number" ? number(a)[0] : expect(a, wanted[k], `a call of ${func.id}`)));
  }
  /** Whether an int has a bound that is known before the run. @param {Tree} n @returns {boolean} */
  function isBounded(n) {
    if (n.type === "BinOp") return isBounded(n.left) && isBounded(n.right);
    if (n.type === "Name") return bounded.has(n.id) || (!locals.has(n.id) && constants.has(n.id));
    if (n.type === "Attribute") return isBounded(n.value);
    return (n.type === "Call" && n.func.id === "len") || literal(n) !== null;
  }
  /** @param {Tree} n @param {Compiled} left @param {Compiled} right @returns {Compiled} */
  function arithmetic(n, [a, kindA], [b, kindB]) {
    const kind = kindA === "float" || kindB === "float" || n.op === "Div" ? "float" : "int";
    if (n.op === "Pow") {
      const exponent = literal(n.right) ?? 0;
      if (kind === "int" || exponent < 2 || exponent > 9) refuse(n, "power");
      return [`$pow${exponent}(${a})`, "float"];
    }
    if (n.op === "Div") {
      return [n.right.value ? `(${a}/${b})` : `$div(${a},${b},${n.line})`, kind];
    }
    if (kind === "int" && n.op === "Mult") refuse(n, "product");
    if (kind === "int" && !isBounded(n.left) && !isBounded(n.right)) refuse(n, "sum");
    return [`(${a}${{ Add: "+", Sub: "-", Mult: "*" }[/** @type {"Add"} */ (n.op)]}${b})`, kind];
  }
  /**
   * The array of an element; the same with its index and its line.
   * @param {Tree} n @returns {[array: string, place: string]}
   */
  function element(n) {
    const name = n.value.id, table = !locals.has(name) && constants.get(name) === "table";
    let array = `${name}$`;
    if (!table || n.isTarget) {
      const [code, kind] = expression(n.value);
      const named = n.value.type === "Name" || n.value.type === "Attribute";
      if (kind !== "Array" || !named) refuse(n, "index", shown(kind));
      array = code;
    }
    if (n.slice.type === "UnaryOp" && n.slice.op === "USub") refuse(n.slice, "negative");
    return [array, `${array},${expect(n.slice, "int", "an index")},${n.line}`];
  }
  /** The record before a dot: its code and its name. @param {Tree} n @returns {string[]} */
  function recordBefore(n) {
    if (n.value.type === "Name" && !locals.has(n.value.id)) refuse(n, "Attribute");
    const [code, kind] = expression(n.value);
    return typeof kind === "string" && records.has(kind) ? [code, kind] : refuse(n, "Attribute");
  }
  /**
   * Kind and place of a record's field.
   * @param {Tree} n @param {string} record @param {string} name
   * @returns {[kind: string, place: number]}
   */
  function field(n, record, name) {
    const fields = /** @type {Fields} */ (records.get(record));
    return fields.get(name) ?? refuse(n, "field", name, record, [...fields.keys()].join(", "));
  }
  /** A record that is made. @param {Tree} n @returns {Compiled} */
  function construct(n) {
    const record = n.func.id, fields = /** @type {Fields} */ (records.get(record));
    const names = [...fields.keys()];
    if (n.args.length) refuse(n.args[0], "place", record, names[0]);
    /** @type {{place: number, code: string}[]} */
    const parts = n.keywords.map((/** @type {Tree} */ part) => {
      const [kind, place] = field(part, record, part.arg);
      return { place, code: expect(part.value, kind, `the field ${part.arg}`) };
    });
    const missing = names.filter((_, place) => !parts.some((part) => part.place === place));
    if (missing.length) refuse(n, "missing", record, missing.join(", "));
    const codes = parts.map(({ code }) => code);
    if (parts.every(({ place }, k) => place === k)) return [`[${codes}]`, record];
    // Python computes the values in the order in which they are written.
    const sorted = names.map((_, place) => `$${parts.findIndex((part) => part.place === place)}`);
    return [`((${codes.map((_, k) => `$${k}`)})=>[${sorted}])(${codes})`, record];
  }

  /** @type {Record<string, (n: Tree) => Compiled>} */
  const EXPRESSIONS = {
    Constant(n) {
      const tooLarge = n.kind === "int" ? n.value > LARGEST_INT : n.value === Infinity;
      if (tooLarge) refuse(n, "Constant", n.kind === "int" ? n.text : "inf");
      return [String(n.value), n.kind];
    },
    Text: (n) => refuse(n, "JoinedStr"),
    Name(n) {
      const kind = constants.get(n.id);
      if (locals.has(n.id)) {
        if (!assigned?.has(n.id)) refuse(n, "unassigned", n.id);
        return [`${n.id}$`, kinds.get(n.id)];
      }
      if (kind && kind !== "table") return [`${n.id}$`, kind];
      const math = NUMBERS_OF_MATH.get(n.id);
      return math ? [math, "float"] : refuse(n, "unknown", n.id);
    },
    BinOp(n) {
      if (!["Add", "Sub", "Mult", "Div", "Pow"].includes(n.op)) refuse(n, n.op);
      return arithmetic(n, number(n.left), number(n.right));
    },
    UnaryOp(n) {
      if (n.op === "Not") return [`(!${condition(n.operand)})`, "bool"];
      if (n.op !== "USub") refuse(n, n.op);
      const [code, kind] = number(n.operand);
      return [kind === "int" && literal(n) === null ? `(0-${code})` : `(-${code})`, kind];
    },
    BoolOp: (n) => [`(${n.values.map(condition).join(n.op === "And" ? "&&" : "||")})`, "bool"],
    Compare(n) {
      if (n.ops.length > 1) refuse(n, "chain");
      const operator = { Lt: "<", Gt: ">", LtE: "<=", GtE: ">=", Eq: "===", NotEq: "!==" }[
        /** @type {"Lt"} */ (n.ops[0])];
      if (!operator) refuse(n, n.ops[0]);
      const [a, kindA] = value(n.left), [b, kindB] = value(n.comparators[0]);
      const bools = operator.length === 3 && kindA === "bool" && kindB === "bool";
      if (!bools && !(isNumber(kindA) && isNumber(kindB))) {
        refuse(n, "compare", shown(kindA), shown(kindB));
      }
      return [`(${a}${operator}${b})`, "bool"];
    },
    IfExp(n) {
      const test = condition(n.test), [a, kind] = expression(n.body);
      return [`(${test}?${a}:${expect(n.orelse, kind, "the other branch")})`, kind];
    },
    Subscript: (n) => [`$at(${element(n)[1]})`, "float"],
    Attribute(n) {
      const [code, record] = recordBefore(n), [kind, place] = field(n, record, n.attr);
      const read = `${code}[${place}]`;
      return [kind === "int" ? `$int(${read},${n.line})` : read, kind];
    },
    Call(n) {
      if (n.func.type !== "Name") expression(n.func);
      const name = n.func.id ?? "this", routine = routines.get(name);
      if (!locals.has(name) && records.has(name)) return construct(n);
      if (n.keywords.length) refuse(n, "keyword");
      if (!locals.has(name) && name !== tree.name) {
        if (routine) {
          const wanted = routine.parameters.map(([, kind]) => kind);
          return [`${name}$(${argumentsOf(n, wanted)})`, routine.returns];
        }
        if (OF_MATH.includes(name)) {
          const [code] = argumentsOf(n, [name === "floor" ? "float" : "number"]);
          return [CHECKED.includes(name) ? `$${name}(${code},${n.line})` : `Math.${name}(${code})`,
            name === "floor" ? "int" : "float"];
        }
        if (Object.hasOwn(CALLS, name)) return CALLS[name](n);
      }
      const hint = name === tree.name ? "write a loop" : "define it above with @portable";
      return refuse(n, "call", name, Object.hasOwn(CALL_HINTS, name) ? CALL_HINTS[name] : hint);
    },
  };

  /** @param {Tree} n @returns {Compiled} */
  function extreme(n) {
    if (n.args.length < 2) refuse(n, "arguments", n.args.length, n.func.id, "two or more");
    const all = n.args.map(number), [[, kind]] = all;
    if (all.some((/** @type {Compiled} */ a) => a[1] !== kind)) refuse(n, "mixed", n.func.id);
    const codes = all.map((/** @type {Compiled} */ [code]) => code);
    return [codes.reduce((/** @type {string} */ a, /** @type {string} */ b) =>
      `$${n.func.id}(${a},${b})`), kind];
  }
  /** @type {Record<string, (n: Tree) => Compiled>} */
  const CALLS = {
    abs(n) {
      if (n.args.length !== 1) argumentsOf(n, ["number"]);
      const [code, kind] = number(n.args[0]);
      return [`Math.abs(${code})`, kind];
    },
    float: (n) => [argumentsOf(n, ["number"])[0], "float"],
    len: (n) => [`${argumentsOf(n, ["Array"])}.length`, "int"],
    zeros: (n) => [`$zeros(${argumentsOf(n, ["int"])},${n.line})`, "Array"],
    min: extreme,
    max: extreme,
  };

  // Statements

  /** Note that a name gets a value. @param {Tree} target @param {Kind} kind */
  function bind(target, kind) {
    const name = target.id;
    if (MEANING.has(name)) refuse(target, "shadow", name);
    if (typeof kind !== "string") refuse(target, "local", shown(kind), name);
    if (!same(kinds.get(name) ?? kind, kind)) {
      refuse(target, "rekind", shown(kind), name, shown(kinds.get(name)));
    }
    kinds.set(name, kind);
    declared.add(name);
    assigned?.add(name);
  }
  /** @param {Tree} target @param {string} code @param {Kind} kind @returns {string} */
  function store(target, code, kind) {
    if (target.type === "Name") {
      bind(target, kind);
      return `${target.id}$=${code};`;
    }
    if (target.type === "Attribute") {
      const [, record] = recordBefore(target);
      field(target, record, target.attr);
      refuse(target, "frozen", target.attr, record);
    }
    if (target.type !== "Subscript") refuse(target, target.type, target.type);
    const [array, place] = element({ ...target, isTarget: true });
    if (!isNumber(kind)) refuse(target, "element", shown(kind));
    return `${array}[$in(${place})]=${code};`;
  }
  /**
   * The body of a loop, which may run zero times.
   * @param {Tree} n @param {string} [counter]
   * @param {string} [long] the condition on which its steps are counted one by one
   */
  function body(n, counter, long) {
    const before = new Set(assigned);
    if (counter) assigned?.add(counter);
    breaks.push(false);
    const code = block(n.body);
    assigned = before;
    const counts = `${long ? `${long}&&` : ""}--$left<0`;
    return { code: `if(${counts})$late(${n.line});\n${code}`, isLeft: breaks.pop() };
  }
  /** @param {Tree} n @param {string} code @returns {string} */
  function leave(n, code) {
    if (!breaks.length) throw new PortableError(`\`${code.slice(0, -1)}\` stands in no loop`, n);
    assigned = null;
    return code;
  }
  /** @type {Record<string, (n: Tree) => string>} */
  const STATEMENTS = {
    Pass: () => "",
    Expr(n) {
      const [code] = expression(n.value);
      if (n.value.type !== "Call" || !routines.has(n.value.func.id)) refuse(n, "useless");
      return `${code};`;
    },
    Return(n) {
      const [code, kind] = n.value ? value(n.value) : /** @type {Compiled} */ (["", undefined]);
      if (returned && !same(kind, returned.kind)) {
        refuse(n, "return", shown(kind), shown(returned.kind));
      }
      returned = { kind };
      assigned = null;
      return `return ${code};`;
    },
    Assign(n) {
      const [code, kind] = value(n.value), target = n.targets[0];
      if (target.type !== "Tuple") return store(target, code, kind);
      const count = target.elts.length;
      if (!Array.isArray(kind) || kind.length !== count) refuse(n, "unpack", shown(kind), count);
      const values = `$t${hidden++}`;
      const stores = target.elts.map((/** @type {Tree} */ part, /** @type {number} */ k) =>
        store(part, `${values}[${k}]`, kind[k]));
      return `const ${values}=${code};${stores.join("")}`;
    },
    AugAssign(n) {
      const [code, kind] = EXPRESSIONS.BinOp({ ...n, left: n.target, right: n.value });
      return store(n.target, code, kind);
    },
    If(n) {
      const test = condition(n.test), before = assigned;
      const [yes, no] = [n.body, n.orelse].map((branch) => {
        assigned = new Set(before);
        return { code: block(branch), assigned };
      });
      const both = (/** @type {string} */ name) => no.assigned?.has(name);
      assigned = yes.assigned && no.assigned ? new Set([...yes.assigned].filter(both))
        : yes.assigned ?? no.assigned;
      return `if(${test}){${yes.code}}${no.code && `else{${no.code}}`}`;
    },
    While(n) {
      const test = condition(n.test), { code, isLeft } = body(n);
      if (n.test.value === true && !isLeft) assigned = null;
      return `while(${test}){${code}}`;
    },
    For(n) {
      const { iter, target } = n, args = iter.args ?? [];
      if (iter.func?.id !== "range" || args.length < 1 || args.length > 3) refuse(iter, "range");
      if (target.type !== "Name") refuse(target, target.type, target.type);
      const codes = args.map((/** @type {Tree} */ a) => expect(a, "int", "range()"));
      const [start, stop] = codes.length === 1 ? ["0", codes[0]] : codes;
      const step = args.length < 3 ? 1 : literal(args[2]);
      if (!step) refuse(args[2], "step");
      const isNew = !assigned?.has(target.id), first = args.length > 1 ? args[0] : null;
      bounded.delete(target.id);
      bind(target, "int");
      if (isNew) assigned?.delete(target.id);
      if (isNew && !stored.has(target.id) && (!first || isBounded(first))) bounded.add(target.id);
      const k = `$k${hidden++}`, end = `$e${hidden++}`, long = `$l${hidden++}`;
      const { code } = body(n, target.id, long), [low, high] = step > 0 ? [k, end] : [end, k];
      return `for(let ${k}=${start},${end}=${stop},${long}=$long(${high}-${low},${n.line});`
        + `${low}<${high};${k}+=${step}){${target.id}$=${k};${code}}`;
    },
    Break(n) {
      breaks[breaks.length - 1] = true;
      return leave(n, "break;");
    },
    Continue: (n) => leave(n, "continue;"),
  };
  /** @param {Tree[]} statements @returns {string} */
  const block = (statements) => statements.map((n) => {
    if (!assigned) refuse(n, "unreached");
    return Object.hasOwn(STATEMENTS, n.type) ? STATEMENTS[n.type](n) : refuse(n, n.type, n.type);
  }).join("\n");

  // The function

  if (MEANING.has(tree.name)) refuse(tree, "shadow", tree.name);
  for (const parameter of tree.args) {
    const name = parameter.arg, kind = parameter.annotation?.id;
    if (locals.has(name)) throw defined(parameter, name);
    locals.add(name);
    if (!KINDS.includes(kind) && !records.has(kind)) refuse(parameter, "annotation", name);
    bind({ ...parameter, id: name }, kind);
    parameters.push([name, kind]);
  }
  let floats = "";
  for (const [name, kind] of parameters) {
    bounded.add(name);
    if (kind === "float") floats += `${name}$=+${name}$;`;
  }
  eachStore(tree.body, (name, byLoop) => {
    locals.add(name);
    bounded.delete(name);
    if (!byLoop) stored.add(name);
  });
  const code = block(tree.body), returns = /** @type {{kind: Kind} | null} */ (returned)?.kind;
  if (assigned && returns !== undefined) refuse(tree.body.at(-1), "fall");
  if (tree.returns && tree.returns.text !== shown(returns)) {
    refuse(tree.returns, "returns", tree.returns.text, shown(returns));
  }
  const inside = [...declared].filter((name) => !parameters.some(([other]) => other === name));
  const head = inside.length ? `let ${inside.map((name) => `${name}$`)};\n` : "";
  const own = `${tree.name}$`, taken = parameters.map(([name]) => `${name}$`);
  const routine = `(${taken}){${head}${hidden ? floats : ""}${code}\n}`;
  const isKept = returns === "Array" && parameters.every(([, kind]) => isNumber(kind));
  return {
    parameters, returns,
    code: isKept ? `const ${own}=$kept(function${routine});` : `function ${own}${routine}`,
  };
}

/**
 * Compile a bundle: constants, records, and functions in the order in which they need each other.
 * @param {string} text
 * @param {string} [name] the function that is wanted, else the last one
 * @returns {{name: string, parameters: [string, string][], returns: Kind, fields: string[],
 *   javascript: string}}
 *   `fields` are the names of what comes back, if it is a record;
 *   `javascript` is an expression: a function from `$stop` (called with the number of a line, the
 *   name of Python's error and a reason, where a run cannot go on) and `$limit` (milliseconds that
 *   a run may take) to the function that is wanted. It leaves no name behind.
 */
function compilePortable(text, name) {
  /** @type {Scope} */
  const scope = { constants: new Map(), records: new Map(), routines: new Map() };
  const out = [];
  for (const tree of parsePortable(text)) {
    const isConstant = tree.type === "Assign";
    const own = isConstant ? tree.targets[0].id : tree.name;
    if (Object.values(scope).some((names) => names.has(own))) throw defined(tree, own);
    if (tree.type === "ClassDef") scope.records.set(own, fieldsOf(tree, scope.records));
    else if (isConstant) {
      const [code, kind] = constantOf(tree.value);
      scope.constants.set(own, kind);
      out.push(`const ${own}$=${code};`);
    } else {
      const routine = compileFunction(tree, scope);
      scope.routines.set(own, routine);
      out.push(routine.code);
    }
  }
  const wanted = name ?? [...scope.routines.keys()].at(-1) ?? "";
  const entry = scope.routines.get(wanted);
  if (!entry) throw new PortableError(`there is no function ${wanted}`, { line: 1, col: 0 });
  const javascript = `(($stop,$limit)=>{${SUPPORT}${out.join("\n")}\nreturn (...$values)=>{`
    + `$left=${FIRST_LOOK};$end=Date.now()+$limit;return ${wanted}$(...$values)}})`;
  const { parameters, returns } = entry;
  const fields = typeof returns === "string" ? [...scope.records.get(returns)?.keys() ?? []] : [];
  return { name: wanted, parameters, returns, fields, javascript };
}

/**
 * The fields of a record.
 * @param {Tree} tree @param {Map<string, Fields>} records those that are known
 * @returns {Fields}
 */
function fieldsOf(tree, records) {
  /** @type {Fields} */
  const fields = new Map();
  if (MEANING.has(tree.name) || KINDS.includes(tree.name)) throw refusal(tree, "shadow", tree.name);
  for (const part of tree.body) {
    const name = part.target.id, kind = part.annotation.id;
    if (fields.has(name)) throw defined(part, name);
    const known = KINDS.includes(kind) || records.has(kind);
    if (!known || name.startsWith("_")) throw refusal(part, "record", tree.name, name);
    fields.set(name, [kind, fields.size]);
  }
  return fields;
}

/** @param {Tree} n @returns {Compiled} */
function constantOf(n) {
  if (n.type === "Tuple") {
    for (const part of n.elts) {
      const kind = (part.operand ?? part).kind;
      if (kind !== "float") throw refusal(part, "expected", kind, "a table", "float");
    }
    if (!n.elts.length) throw refusal(n, "expected", "nothing", "a table", "float");
    return [`[${n.elts.map((/** @type {Tree} */ part) => constantOf(part)[0])}]`, "table"];
  }
  const { value, kind, text } = n.operand ?? n;
  if (kind === "int" ? value > LARGEST_INT : value === Infinity) throw refusal(n, "Constant", text);
  return [n.operand ? `-${value}` : String(value), kind];
}

/** What ended a run: an error of Python's, with the line of the bundle. */
class StoppedRun extends Error {
  /** @param {number} line @param {string} name @param {string} message */
  constructor(line, name, message) {
    super(message);
    this.name = name;
    this.line = line;
  }
}

/**
 * Tell those who write a function what is wrong, where, and in which text. A bundle made by Python
 * has comments with the modules of its functions: they know these, and not the bundle's lines.
 * @param {PortableError | StoppedRun} error
 * @param {string} text the bundle
 */
function told({ line, message }, text) {
  const above = text.split(/\r\n?|\n/).slice(0, line).reverse();
  const [home, name] = [/^# (\S+)$/, /^def (\w+)/].map((form) =>
    above.map((each) => form.exec(each)?.[1]).find(Boolean));
  const where = home && name ? `In \`${name}\` of ${home}` : `Line ${line}`;
  return `${where}, \`${above[0].trim()}\`: ${message}`;
}

/**
 * Make compiled code callable.
 * @param {(stop: (line: number, name: string, message: string) => never, limit: number) =>
 *   (...values: any[]) => any} code the value of its `javascript`
 * @param {number} [limit] milliseconds that a run may take
 */
const runnable = (code, limit = Infinity) =>
  code((line, name, message) => { throw new StoppedRun(line, name, message); }, limit);
