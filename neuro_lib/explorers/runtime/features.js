// What an explorer offers beyond its sliders: each a function of one that is alive.

import { edges } from "./edges.js";
import { handles } from "./handles.js";
import { keep } from "./keep.js";
import { lecture } from "./lecture.js";
import { play } from "./play.js";
import { share } from "./share.js";
import { table } from "./table.js";
import { keepInSight, takeBackScrolls } from "./touch.js";

/** @import { Live } from "./live.js" */

/** @type {((live: Live) => void)[]} */
export const FEATURES = [
  keepInSight, takeBackScrolls, handles, edges, keep, play, share, lecture, table,
];
