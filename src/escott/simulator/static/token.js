/*
 * Token library of the e-SCOTT Smart simulator.
 *
 * Found through <script class="spsvToken" callBackFunc="..." src="...">, which must stand in
 * the document when this runs. The card goes to the simulator alone, and the page's global
 * function named by callBackFunc is called later with (token, masked card number).
 *
 * As with the real library, a page hears nothing of a failure: bad input and a bad
 * authentication code end in a message to the shopper, and the function is not called.
 */
(function () {
  "use strict";

  var tag = document.querySelector("script.spsvToken");
  if (!tag) {
    console.error("e-SCOTT simulator: no <script class=\"spsvToken\"> in the document");
    return;
  }
  var source = new URL(tag.src, document.baseURI);
  var office = new URL("/simulator/tokens", source.origin);
  var code = source.searchParams.get("k_TokenNinsyoCode") || "";
  var callback = tag.getAttribute("callBackFunc") || "";

  function tell(message) {
    console.error("e-SCOTT simulator: " + message);
    window.alert(message);
  }

  function spsvCreateToken(
    cardNo, expYear, expMonth, secCd, birthMonth, birthDay, telLast4, kanaSei, kanaMei
  ) {
    var form = new URLSearchParams({
      k_TokenNinsyoCode: code,
      CardNo: cardNo || "",
      CardExp: (expYear || "") + (expMonth || ""),
      SecCd: secCd || "",
      BirthDay: (birthMonth || "") + (birthDay || ""),
      TelNo: telLast4 || "",
      KanaSei: kanaSei || "",
      KanaMei: kanaMei || ""
    });
    fetch(office, { method: "POST", body: form, credentials: "omit", cache: "no-store" })
      .then(function (answer) { return answer.json(); })
      .then(function (made) {
        if (made.token) {
          window[callback](made.token, made.card);
        } else {
          tell(made.message);
        }
      })
      .catch(function () { tell("トークンを取得できませんでした。"); });
  }

  window.SpsvApi = { spsvCreateToken: spsvCreateToken };
})();
