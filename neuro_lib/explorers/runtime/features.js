// What an explorer offers beyond its sliders: each a function of one that is alive.

import { another } from "./another.js";
import { drawing } from "./drawing.js";
import { edges } from "./edges.js";
import { handles } from "./handles.js";
import { keep } from "./keep.js";
import { lecture } from "./lecture.js";
import { play } from "./play.js";
import { share } from "./share.js";
import { table } from "./table.js";

/** @import { Live } from "./live.js" */

/** @type {((live: Live) => void)[]} */
export const FEATURES = [handles, edges, another, drawing, keep, play, share, lecture, table];
