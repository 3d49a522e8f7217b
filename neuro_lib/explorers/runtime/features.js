// What an explorer offers beyond its sliders: each a function of one that is alive.

/** @import { Live } from "./live.js" */

/** @type {((live: Live) => void)[]} */
export const FEATURES = [];
