from tests.demo.conftest import *
from tests.demo.test_browser_link import *
from tests.demo.test_browser_link import _links
def test_zz(page,shop):
    for i in range(3):
        go_to_confirmation(page, BOOK)
        agree(page); press_order(page)
        page.wait_for_timeout(3000)
        print(page.url); print([t for t in page.get_by_role("alert").all_inner_texts()])
        if "simulator" in page.url: cancel(page); expect_payable(page)
        page.context.clear_cookies()
    print(shop.log.read_text()[-3000:])
