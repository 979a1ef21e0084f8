"use strict";

/*
 * The gateway's token script, made answerable. By itself it knows neither errors nor
 * time-outs: it calls a global function or it doesn't. Here it is a promise that always ends,
 * with the token or with an Error; "blocked" means that the script never came. Both are before
 * any payment, so nothing was charged.
 */
window.escottCardToken = (() => {
  const WAIT_MS = 20000;

  let asked = 0;

  /*
   * A library serves one request, and answers to a callback of its own: a late answer, perhaps
   * about another card, then finds nobody waiting. It is spent once it was asked, has failed,
   * or took too long.
   */
  const libraryOf = (script) => {
    const library = { script, spent: false, pending: true };
    library.token = new Promise((resolve) => {
      window[script.getAttribute("callBackFunc")] = resolve;
    });
    library.arrival = new Promise((resolve, reject) => {
      const look = () => {
        library.pending = false;
        if (window.SpsvApi) {
          resolve();
        } else {
          library.spent = true;
          reject(new Error("blocked"));
        }
      };
      script.addEventListener("load", look);
      script.addEventListener("error", look);
      /* The page's own tag may have come or failed before this file ran. */
      if (window.SpsvApi) look();
      else if (document.readyState !== "complete") window.addEventListener("load", look);
    });
    return library;
  };

  let library = libraryOf(document.querySelector("script.spsvToken"));

  const usableLibrary = () => {
    if (library.spent) {
      const { script: old, pending } = library;
      /* A request for the same address would queue up behind one that hangs. */
      if (pending) window.stop();
      const script = document.createElement("script");
      script.className = old.className;
      script.setAttribute("callBackFunc", `escottTokenReceived${asked || ""}`);
      script.src = old.src;
      window.SpsvApi = undefined;
      library = libraryOf(script);
      old.replaceWith(script);
    }
    return library;
  };

  const inTime = (used, promise) =>
    new Promise((resolve, reject) => {
      const watchdog = window.setTimeout(() => {
        used.spent = true;
        reject(new Error("unanswered"));
      }, WAIT_MS);
      promise.then(resolve, reject).finally(() => window.clearTimeout(watchdog));
    });

  /* Resolves once a token could be asked for. The first arrival has no time limit: nobody is
     waiting for it yet. */
  const firstArrival = () => library.arrival;
  const arrival = () => {
    const used = usableLibrary();
    return inTime(used, used.arrival);
  };

  /* The token of `card`: {number, year, month, code}, digits only. */
  const tokenOf = (card) => {
    const used = usableLibrary();
    const answer = used.arrival.then(async () => {
      if (used.spent) throw new Error("unanswered");
      used.spent = true;
      asked += 1;
      window.SpsvApi.spsvCreateToken(
        card.number, card.year, card.month, card.code, "", "", "", "", "",
      );
      const token = await used.token;
      if (typeof token !== "string" || !token) throw new Error("unanswered");
      return token;
    });
    return inTime(used, answer);
  };

  return Object.freeze({ firstArrival, arrival, tokenOf });
})();
