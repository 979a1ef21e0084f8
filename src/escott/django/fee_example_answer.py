"""What the script of the table of fees asks while somebody types: nothing is stored or read."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from escott.django.settings_forms.fee_table_field import Posted


def fee_example_answer(request: HttpRequest) -> JsonResponse:
    """``says`` of the example and ``gaps`` of the table, both in words.

    The host decides who may ask; the question carries the table's own fields.
    """
    asked = Posted.read(request.GET, "fee_rows")
    return JsonResponse({"says": asked.example().says, "gaps": asked.table.gap_notes()})
