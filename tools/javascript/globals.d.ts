// What Python puts in front of the compiler, and where the page keeps what it has evaluated.
declare const REFUSALS: Record<string, string>;
declare const CALL_HINTS: Record<string, string>;
declare var neuroLibValues: any[];
