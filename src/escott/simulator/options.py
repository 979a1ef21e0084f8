"""What nobody outside the gateway knows for sure, each as a setting with its default.

Every item that protocol.md marks as uncertain is decided here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from escott.simulator.law import LAW, Law
from escott.simulator.member_law import MEMBER_LAW, MemberLaw
from escott.simulator.slip_law import SLIP_LAW, SlipLaw


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How this simulated gateway behaves where the protocol leaves it open."""

    #: Which telegram is carried out in which state (C, L 12). ``STRICT_LAW`` is the other one.
    law: Law = field(default_factory=lambda: LAW)

    #: Days in which a transaction may be operated, after the day of its first charge.
    #: The last day ends at 24:00 Japan time; then K12 (L 19).
    handling_days: int = 60
    #: Whether 1Search still finds a transaction after its handling period.
    search_after_handling: bool = True
    #: Months until a transaction is deleted; then K12 to everything (L 20).
    purge_months: int = 7

    #: How long a token lives unused: then KI3 (E, L 20).
    token_life: timedelta = timedelta(minutes=30)
    #: How long the gateway remembers a token: then KHZ (L 20).
    token_memory: timedelta = timedelta(days=31)
    #: Whether a declined telegram uses its token up (L 28).
    declined_consumes_token: bool = True
    #: Whether 1TokenSearch says OK in ResponseCd and the token's state in TokenResponseCd
    #: alone; otherwise ResponseCd carries the token's state as well (E).
    token_search_says_ok: bool = True

    #: What is done with a member in which state, and the code where it is not (D).
    member_law: MemberLaw = field(default_factory=lambda: MEMBER_LAW)
    #: Wrong passwords in a row after which a member is locked with K74 (D).
    member_locked_after: int = 5
    #: Months until the test environment forgets a member, so that its id is free again;
    #: None keeps it for good, as production does. A deleted id is never free again (D, J).
    member_purge_months: int | None = 2
    #: How many leading and last digits of a card the references to members and tokens show:
    #: four, or none (D, L 17).
    shown_leading_digits: int = 4
    shown_last_digits: int = 4
    #: Whether the result of a 本人認証 serves for the amount alone that it was made for (F).
    bind_amount_to_authentication: bool = True

    #: The code for a wrong MerchantPass (L 27).
    wrong_pass_code: str = "K03"  # noqa: S105
    #: Wrong passwords in a row after which a merchant is locked out with KG8, and how long.
    lock_out_after: int = 5
    lock_out_for: timedelta = timedelta(minutes=30)

    #: Whether an assist value that does not match refuses the telegram (K40 to K44);
    #: otherwise it only shows in the Mc fields. The contract decides it (C).
    refuse_mismatch: bool = True
    #: The code for a card that is none of the magic cards; ``"OK"`` approves it.
    unlisted_card: str = "C16"

    #: The longest Amount, in digits (L 15), and the longest MerchantFree1 to 3 (L 16).
    amount_digits: int = 8
    free_length: int = 20

    #: Whether 1ReAuth without SalesDate is refused when the original was 1Gathering (L 31).
    reauth_needs_sales_date: bool = True
    #: Whether 1ReAuth issues a new ProcessId and ProcessPass (L 14).
    reauth_issues_new_pair: bool = False

    #: Whether ``|`` in ResponseCd travels as ``%7C`` (A, L 8).
    percent_encode_bar: bool = False

    #: Seconds until a slow answer leaves, and for how long a hanging one is held.
    slow_seconds: float = 10.0
    hang_seconds: float = 600.0
    #: How long after its arrival a late request is carried out.
    late_by: timedelta = timedelta(seconds=30)

    #: The longest RedirectUrl, in characters (L 21).
    redirect_url_length: int = 64
    #: How long a shopper may stay on a page: then U06, on the hosted card page P74 (F, G).
    visit_life: timedelta = timedelta(minutes=40)
    #: Refused tries after which a hosted card page sends the shopper back (P54 P58 P68 P72).
    hosted_tries: int = 3
    #: Whether a hosted card page sends the shopper back at the first card that the issuer
    #: declines (P53 P57 P66 P67 P71), instead of asking for another.
    hosted_decline_returns: bool = False
    #: Whether the hosted card page returns by GET; otherwise by POST (G: accept both).
    hosted_return_by_get: bool = False
    #: From when on a second visit with the same ProcNo is a duplicate (K89): from the start of
    #: the first, or from its result. Until then a shopper who pressed the back button may come
    #: again, and of several open visits one alone brings a result (B).
    secure_proc_no_counts_from: Literal["start", "result"] = "start"
    hosted_proc_no_counts_from: Literal["start", "result"] = "result"
    #: Whether a hosted visit that nobody comes back to is reported to PostUrl (P74).
    hosted_timeout_copy: bool = True
    #: How often the copy for PostUrl is sent; 0 loses it.
    post_copies: int = 1
    #: How often one copy is tried until it is answered with 200, and seconds in between.
    post_copy_tries: int = 3
    post_copy_pause: float = 1.0

    #: Which telegram is carried out on a slip in which state, and the code where not (H).
    slip_law: SlipLaw = field(default_factory=lambda: SLIP_LAW)
    #: How often a slip is changed; then K14 (H, L 25).
    slip_changes: int = 1
    #: The largest Amount of a slip, in yen (B, H).
    slip_amount_maximum: int = 299_999
    #: How many days ahead PayLimit may be; later is K50 (H: not known).
    slip_pay_limit_days: int = 180
    #: Days until the end of the slip where PayLimit is missing; None refuses that with K50 (H).
    default_pay_limit_days: int | None = None
    #: Whether NameKana may be half-width katakana as well (L 10).
    half_width_name_kana: bool = False
    #: FreeArea is filled up with spaces to this length; 0 leaves it as it is (A, H).
    free_area_width: int = 64
    #: How NyukinDate is written: 8, 12 or 14 digits (H).
    nyukin_date_digits: Literal[8, 12, 14] = 12

    #: Where the deposit notices of every merchant go until it registers another address.
    notice_url: str = ""
    #: The replies to a notice that confirm it: ``0``, ``OK`` (anywhere in it), or empty (L 4).
    notice_replies: frozenset[str] = frozenset({"0"})
    #: How long after each delivery that was not confirmed the next follows (L 29).
    notice_pauses: tuple[timedelta, ...] = (
        *(timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30)),
        *(timedelta(hours=1), timedelta(hours=3), timedelta(hours=12)),
    )
    #: How late a notice comes that a tester wants to be late.
    delayed_notice_by: timedelta = timedelta(minutes=30)
