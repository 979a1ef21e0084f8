from tests.axe import violations
def test_axe_bites(page):
    page.goto("/checkout/")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x><input><p style=\"color:#bbb;background:#fff\">faint</p>')")
    found = violations(page)
    print(found)
    assert len(found) >= 3
