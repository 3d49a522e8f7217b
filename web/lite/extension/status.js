// What the bar of a notebook says: where things stand, and one thing to do next. It follows from the
// facts alone, so that nothing that was said before can be left over.
const megabytes = (bytes) => (bytes / 1e6).toFixed(0);

// place: "opening", "here" or "elsewhere": the tab that keeps the notebook;
// failed: it could not be saved;  loaded, total: bytes of Python;  started: Python is there;
// runs: how many times all cells are running;  ended: how the last of them did, "run" or "stopped";
// figures: those of the book stand in it, and are alive without Python;
// edited: it is not as the book has it;  outdated: the book has a newer one;  chapter: it runs by itself.
export const status = (facts) => {
  const { place, failed, loaded, total, started, runs, ended, figures, edited, outdated, chapter } = facts;
  const meanwhile = figures ? " The figures are live already." : "";
  if (place === "opening") return ["opening", "Opening ..."];
  if (place === "elsewhere")
    return ["elsewhere", "This notebook is open in another tab: press “Go on here” to write in this one."];
  if (failed) return ["failed", "This browser does not keep your work: press “Download” to have it as a file."];
  if (!started && total)
    return ["starting", `Fetching Python: ${megabytes(loaded)} of ${megabytes(total)} MB.${meanwhile}`];
  if (!started) return ["starting", `Python is starting ...${meanwhile}`];
  if (runs) return ["running", "Running ..."];
  if (ended === "stopped")
    return ["stopped", "A cell has stopped with an error: mend it, then press “Run all”."];
  if (ended && !chapter)
    return ["run", "What you change is kept in this browser. Press “Download” to have it as a file."];
  if (ended)
    return ["run", "What you change is kept in this browser. Press Shift+Enter in a cell to run it."];
  if (edited && outdated)
    return [
      "edited",
      "Here are your changes. The book has a newer version: press “Download” to keep yours, then “Start afresh”.",
    ];
  if (edited) return ["edited", "Here are your changes. Press “Run all” to run them."];
  return ["ready", "What you change is kept in this browser. Press “Run all” to run it."];
};
