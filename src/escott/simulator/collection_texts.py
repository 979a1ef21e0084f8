"""The words of the pages of オンライン収納代行, in Japanese and English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

COLLECTION_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "nav_slips": ("収納代行", "Online collection"),
    "nav_deposits": ("入金通知操作", "Deposit notices"),
    # the page of cards, which lists the payers as well
    "payers": ("収納代行で結果を試すお名前", "Names for the results of online collection"),
    "payers_lead": (
        "ショップの購入画面で、フリガナの「セイ」にこの言葉を入力すると、"
        "登録（2Add）の結果が変わります。「メイ」は何でもかまいません。",
        "Type one of these words as the family name in kana at the shop's checkout, and the "
        "registration (2Add) ends so. The given name is free.",
    ),
    "payers_before": (
        "先頭に次の言葉を付けると、登録は成功し、あとの処理だけに起こります。"
        "例：「トリケシヘンジナシ」は、取消の電文（2Del）の応答だけが失われます。",
        "With one of these words before it, the registration goes well and the same happens to a "
        "later operation alone: トリケシヘンジナシ loses the answer to 2Del.",
    ),
    "payer_kana": ("セイ（フリガナ）", "Family name in kana"),
    "payer_before": ("先頭に付ける言葉", "Word before it"),
    "payer_happens_to": ("起こる処理", "Happens to"),
    "payers_declined": (
        "断られる（コードの読み方が名前になります）",
        "Refused: the code, read out",
    ),
    "payers_troubled": ("通信や応答に問題が起きる", "Trouble on the line"),
    "link_slips": ("収納代行の一覧（JSON）", "Slips (JSON)"),
    "link_notices": ("入金通知の配信記録（JSON）", "Deliveries of notices (JSON)"),
    # states and acts
    "slip_unpaid": ("未入金", "unpaid"),
    "slip_paid": ("入金済", "paid"),
    "slip_deleted": ("取消済み", "cancelled"),
    "slip_expired": ("期限切れ", "expired"),
    "2Add": ("登録", "registration"),
    "2Chg": ("変更", "change"),
    "2Del": ("削除", "deletion"),
    "2Ref": ("参照", "inquiry"),
    "pay": ("入金", "deposit"),
    "by_shop": ("ショップの電文", "telegram"),
    "by_till": ("レジ", "till"),
    # the shopper's page
    "slip_name": ("模擬収納代行会社", "Simulated collection agency"),
    "choose_title": ("お支払い方法の選択", "Choose how to pay"),
    "choose_lead": (
        "お支払いになる場所を選んでください。あとから選び直せます。",
        "Choose where you want to pay. You can choose again later.",
    ),
    "kind_store": ("コンビニエンスストア", "Convenience store"),
    "kind_atm": ("銀行ATM", "Bank ATM"),
    "kind_bank": ("ネットバンキング", "Online banking"),
    "kind_money": ("電子マネー", "E-money"),
    "kind_gone": (
        "現在は営業していない店舗（テスト用）",
        "Stores that no longer exist (for tests)",
    ),
    "pay_at": ("{where}でのお支払い", "Pay at {where}"),
    "pay_by": ("{where}でのお支払い", "Pay by {where}"),
    "number_store": ("払込番号", "Payment number"),
    "number_atm": ("お客様番号", "Customer number"),
    "number_bank": ("お客様番号", "Customer number"),
    "number_money": ("お申込番号", "Application number"),
    "agency_number": ("収納機関番号", "Agency number"),
    "confirmation_number": ("確認番号", "Confirmation number"),
    "registered_telephone": ("ご登録の電話番号", "Telephone number you gave"),
    "due": ("お支払期限", "Pay by"),
    "payer": ("お名前", "Name"),
    "payer_name": ("{payer} 様", "{payer}"),
    "ware": ("商品", "Goods"),
    "order": ("お申込内容", "Your order"),
    "steps": ("お支払いの手順", "How to pay"),
    "steps_store_1": (
        "店内の端末で払込番号と電話番号を入力するか、レジで払込番号をお伝えください。",
        "Enter the payment number and your telephone number at the store's terminal, or tell the "
        "number at the till.",
    ),
    "steps_store_2": (
        "レジで代金を現金でお支払いください。",
        "Pay at the till in cash.",
    ),
    "steps_store_3": (
        "領収書（受領書）をお受け取りください。",
        "Take the receipt.",
    ),
    "steps_atm_1": (
        "ペイジー対応のATMで「税金・料金払い込み」を選んでください。",
        "At an ATM with Pay-easy choose “taxes and fees”.",
    ),
    "steps_atm_2": (
        "収納機関番号、お客様番号、確認番号を入力してください。",
        "Enter agency number, customer number and confirmation number.",
    ),
    "steps_atm_3": (
        "内容を確認し、現金またはキャッシュカードでお支払いください。",
        "Check what is shown and pay in cash or with your cash card.",
    ),
    "steps_bank_1": (
        "ネットバンキングにログインし、「税金・各種料金の払い込み（ペイジー）」を選んでください。",
        "Log in to your online banking and choose “taxes and fees (Pay-easy)”.",
    ),
    "steps_bank_2": (
        "収納機関番号、お客様番号、確認番号を入力してください。",
        "Enter agency number, customer number and confirmation number.",
    ),
    "steps_bank_3": (
        "内容を確認し、お支払いください。",
        "Check what is shown and pay.",
    ),
    "steps_money_1": (
        "アプリまたはお支払い画面でお申込番号を入力してください。",
        "Enter the application number in the app or on its payment page.",
    ),
    "steps_money_2": (
        "金額を確認し、お支払いください。",
        "Check the amount and pay.",
    ),
    "steps_money_3": (
        "支払い完了の表示をご確認ください。",
        "Wait until it says that the payment is complete.",
    ),
    "notices_of_shop": ("ショップからのご案内", "From the shop"),
    "contact": ("お問い合わせ先", "Questions"),
    "choose_again": ("お支払い方法を選び直す", "Choose another way to pay"),
    "to_shop": ("ショップに戻る", "Back to the shop"),
    "simulator_only": ("シミュレーター専用", "Only in this simulator"),
    "to_till": ("レジで支払う", "Pay at the till"),
    "to_till_lead": (
        "店頭や銀行での支払いを、ここで代わりに行えます。",
        "Do here what you would do at the store or bank.",
    ),
    "closed_paid_title": ("お支払いは完了しています", "This has been paid"),
    "closed_paid": (
        "ご入金を確認しました。ありがとうございました。二重にお支払いにならないようご注意ください。",
        "Your payment has arrived. Thank you. Please do not pay again.",
    ),
    "closed_deleted_title": ("このお支払いは取り消されました", "This payment was cancelled"),
    "closed_deleted": (
        "お支払いはできません。払込票などをお持ちの場合は破棄してください。"
        "ご不明な点はショップにお問い合わせください。",
        "It cannot be paid. Please throw away any slip that you hold, and ask the shop if you "
        "have questions.",
    ),
    "closed_expired_title": ("お支払期限を過ぎています", "The last day has passed"),
    "closed_expired": (
        "お支払いはできません。ご購入をご希望の場合は、ショップにお問い合わせください。",
        "It cannot be paid any more. If you still want the goods, please ask the shop.",
    ),
    "closed_replaced_title": (
        "この番号は使えなくなりました",
        "This number is no longer valid",
    ),
    "closed_replaced": (
        "お支払い内容が変更され、新しい番号が発行されています。"
        "この番号ではお支払いにならないよう、お願いいたします。"
        "新しい番号は、ショップからの最新のご案内でご確認ください。",
        "The payment was changed and has a new number. Please do not pay by this one: see the "
        "newest message from the shop.",
    ),
    "closed_unknown_title": ("お支払い情報が見つかりません", "No such payment"),
    "closed_unknown": (
        "リンクが途中で切れている可能性があります。メールのリンクをもう一度ご確認ください。"
        "解決しない場合はショップにお問い合わせください。",
        "Perhaps the link is incomplete. Please check the link in your mail, and ask the shop if "
        "that does not help.",
    ),
    "paid_at_place": ("お支払い場所", "Paid at"),
    "paid_at": ("お支払い日時", "Paid on"),
    "recv_num": ("受付番号", "Receipt number"),
    # the till
    "till_title": ("レジで支払う", "Pay at the till"),
    "till_lead": (
        "実際の店舗・銀行の代わりです。お金は動きません。支払うと、ショップに入金通知が届きます。",
        "This stands for the store or bank. No money moves. When you pay, the shop is sent a "
        "deposit notice.",
    ),
    "till_back": ("お支払いのページへ戻る", "Back to the payment page"),
    "where": ("支払う場所", "Where"),
    "when": ("支払い方", "How"),
    "mode_now": ("今すぐ支払う", "Pay now"),
    "mode_at": ("指定した日時に支払う", "Pay at a moment to come"),
    "mode_late": (
        "期限を過ぎてから支払う（期限の翌日 12:00）",
        "Pay late (at noon on the day after the last day)",
    ),
    "mode_twice": ("2回支払う（二重払い）", "Pay twice"),
    "mode_never": (
        "支払わない（予定した支払いを取りやめる）",
        "Never pay (forget what was planned)",
    ),
    "mode_late_note": (
        "実際の店舗では受け付けられません。",
        "A real store does not take it.",
    ),
    "moment": ("日時（ゲートウェイの時計）", "Moment, by the gateway's clock"),
    "anyway": (
        "受け付けられない状態でも支払う（期限切れ・入金済・取消済み）",
        "Pay although a real till refuses (expired, paid, cancelled)",
    ),
    "faults": ("入金通知に起こすこと（任意）", "What happens to the deposit notice (optional)"),
    "fault_lost": ("届かない", "lost"),
    "fault_doubled": ("2通届く", "sent twice"),
    "fault_delayed": ("30分遅れる", "30 minutes late"),
    "fault_reordered": ("次の通知に追い越される", "overtaken by the next notice"),
    "fault_garbled": ("内容が壊れている", "garbled"),
    "fault_wrong_amount": ("金額が違う", "wrong amount"),
    "fault_wrong_hash": ("HashCd が違う（偽造）", "wrong HashCd (forged)"),
    "fault_unknown_condition": ("Condition が未知の値", "unknown Condition"),
    "fault_other_merchant": ("MerchantId が別の加盟店", "another MerchantId"),
    "fault_unknown_free1": ("MerchantFree1 が未知の値", "unknown MerchantFree1"),
    "till_do": ("この内容で実行する", "Do this"),
    "till_paid": ("支払いました。", "Paid."),
    "till_planned": ("{when} に支払う予定です。", "It will be paid on {when}."),
    "till_forgotten": ("支払わないことにしました。", "It will not be paid."),
    "till_refused_paid": (
        "入金済のため、レジでは受け付けられませんでした。",
        "The till does not take it: it has been paid.",
    ),
    "till_refused_deleted": (
        "取消済みのため、レジでは受け付けられませんでした。",
        "The till does not take it: it was cancelled.",
    ),
    "till_refused_expired": (
        "期限切れのため、レジでは受け付けられませんでした。",
        "The till does not take it: its last day has passed.",
    ),
    "till_insist": (
        "試すために支払う場合は、「受け付けられない状態でも支払う」を選んでください。",
        "To pay all the same, for a test, tick “Pay although a real till refuses”.",
    ),
    "wrong_till": (
        "支払う場所と支払い方を選んでください。日時を指定する場合は、日時も入力してください。",
        "Choose where and how to pay; for a moment to come, enter it as well.",
    ),
    # the merchant console
    "slips_title": ("収納代行の一覧", "Online collection"),
    "slip_title": ("収納代行の詳細", "Slip"),
    "slip_back": ("収納代行の一覧へ戻る", "Back to the list"),
    "search_number": ("払込番号・受付番号", "Payment or receipt number"),
    "no_slips_yet": ("収納代行の申込はまだありません。", "There are no slips yet."),
    "no_slips_found": ("該当する申込はありません。", "No slip matches."),
    "kessai_number": ("払込番号", "Payment number"),
    "last_minute": ("支払期限", "Last minute"),
    "kana": ("フリガナ", "Kana"),
    "telephone": ("電話番号", "Telephone"),
    "where_chosen": ("収納機関", "Institution"),
    "changes": ("変更回数", "Changes"),
    "texts": ("案内文", "Texts"),
    "deposits": ("入金", "Deposits"),
    "stamped": ("収入印紙", "Revenue stamp"),
    "yes": ("あり", "yes"),
    "shopper_page": ("お客様の画面を開く", "Open the shopper's page"),
    "do_2Chg": ("変更する", "Change"),
    "new_amount_2Chg": ("変更後の金額（円）", "New amount (yen)"),
    "new_last_day": ("変更後の支払期限（この日の 23:59 まで）", "New last day (until 23:59)"),
    "change_once": ("変更は1回だけ行えます。", "A slip can be changed once only."),
    "no_slip_operation": (
        "この申込に行える操作はありません（状態、変更回数、または処理可能期間のため）。",
        "Nothing can be done to this slip, because of its state, its one change or its handling "
        "period.",
    ),
    "slip_cancel_title": ("この申込を取り消しますか？", "Cancel this slip?"),
    "slip_cancel_lead": (
        "取り消すと、お客様はお支払いになれません。元に戻すことはできません。",
        "The customer can then no longer pay it. This cannot be undone.",
    ),
    "wrong_change": (
        "金額は 1 以上の数字、支払期限は日付で入力してください。",
        "Enter the amount in digits, 1 or more, and the last day as a date.",
    ),
    "planned_payment": ("予定された支払い", "Payment to come"),
    "at_till": ("レジで支払う（テスト）", "Pay at the till (test)"),
    # notices
    "deposits_title": ("入金通知操作", "Deposit notices"),
    "deposits_lead": (
        "テスト用の画面です。申込を入金済にし、登録した通知先URLに入金通知を送ります。",
        "For tests: mark slips as paid, and send deposit notices to the registered URL.",
    ),
    "notice_url": ("入金通知先URL", "URL for deposit notices"),
    "notice_url_hint": (
        "ショップの入金通知先URLです。空にすると送りません。",
        "The shop's URL for deposit notices. Leave it empty to send none.",
    ),
    "notice_url_save": ("登録する", "Register"),
    "notice_url_saved": ("入金通知先URLを登録しました。", "The URL was registered."),
    "notice_url_wrong": (
        "http:// または https:// で始まる半角のURLを入力してください。",
        "Enter an address that begins with http:// or https://.",
    ),
    "notice_url_none": (
        "入金通知先URLが登録されていません。通知は送られません。",
        "No URL is registered, so no notice is sent.",
    ),
    "clock_forward": ("時計を進める", "Move the clock forward"),
    "clock_lead": (
        "予定された支払い、期限切れ、通知の再送は、進めた時刻に合わせて起こります。",
        "What is due by then happens: planned payments, expiry, further tries of notices.",
    ),
    "clock_hour": ("1時間", "1 hour"),
    "clock_day": ("1日", "1 day"),
    "clock_week": ("7日", "7 days"),
    "clock_moved": ("時計を進めました。", "The clock was moved."),
    "deposit_pay": ("入金して通知", "Pay and notify"),
    "deposit_again": ("通知を再送", "Send again"),
    "deposit_paid": (
        "払込番号 {number} を入金しました。通知の結果は配信記録でご確認ください。",
        "Payment number {number} was paid. See under deliveries how its notice fared.",
    ),
    "deposit_sent": (
        "払込番号 {number} の通知を送りました。結果は配信記録でご確認ください。",
        "The notice for payment number {number} was sent. See under deliveries how it fared.",
    ),
    "notice_sent": (
        "通知を送りました。結果は配信記録でご確認ください。",
        "The notice was sent. See under deliveries how it fared.",
    ),
    "deposit_not": (
        "この申込は{state}のため、入金できません。",
        "This slip is {state} and cannot be paid.",
    ),
    "of_slip": ("払込番号 {number}", "payment number {number}"),
    "send_notice": ("入金通知を送る", "Send a deposit notice"),
    "send_notice_lead": (
        "入金済なら同じ内容をもう一度、未入金なら実際にはない入金の通知を送ります。",
        "If it is paid, the same once more; if not, a notice of a deposit that never was.",
    ),
    "journal": ("配信記録", "Deliveries"),
    "journal_slip": ("配信記録（この申込）", "Deliveries for this slip"),
    "no_notices": ("入金通知はまだありません。", "There are no notices yet."),
    "notice_state": ("状態", "State"),
    "attempts": ("配信", "Attempts"),
    "no_attempt": ("送っていません", "not sent"),
    "notice_waiting": ("送信待ち", "waiting"),
    "notice_taken": ("受領済み", "received"),
    "notice_given_up": ("送信中止", "given up"),
    "notice_lost": ("紛失（テスト）", "lost on purpose"),
    "notice_no_address": ("通知先なし", "no URL"),
    "next_try": ("次回 {when}", "next on {when}"),
    "no_answer": ("応答なし", "no answer"),
    "reply": ("応答", "Reply"),
    "empty_reply": ("（空）", "(empty)"),
    "fault": ("テスト", "Test"),
}
