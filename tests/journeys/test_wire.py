"""From the agency's wire to the page: a story is made, brought up to date and withdrawn."""

from __future__ import annotations

import hashlib
import hmac
import time
from dataclasses import replace

from playwright.sync_api import expect

from kawaraban.formats import ninjs
from kawaraban.formats.items import Item, PubStatus, Signal
from tests.journeys.conftest import Begin
from tests.journeys.desk import publish
from tests.journeys.visit import Visit, follow

FERRY = Item(
    guid="tag:strait-wire.example,2026:ferry",
    headline="Ferry runs aground off Sunport",
    standfirst="Nobody was hurt.",
    body=(("paragraph", "The ferry Kamome ran aground at noon."), ("paragraph", "The harbour is closed.")),
    provider="Strait Wire",
    language="en",
)


def test_an_item_becomes_a_story_is_brought_up_to_date_and_is_withdrawn(visits: Begin) -> None:
    """A press is counted wherever an editor must press; the way to the desk is not."""
    desk, reader = visits("editor"), visits()
    page = desk.page
    address, key = _connect(desk)
    _send(desk, address, key, FERRY)

    desk.go("desk/wire/")
    begun = time.monotonic()
    follow(page.get_by_role("link", name=FERRY.headline, exact=True))  # 1
    expect(page.locator(".wire-text")).to_contain_text("The ferry Kamome ran aground at noon.")
    page.get_by_role("combobox", name="Section").select_option("World")  # 2
    follow(page.get_by_role("button", name="Make a story"))  # 3
    expect(page.get_by_role("textbox", name="Headline")).to_have_value(FERRY.headline)
    story = publish(page)  # 4 and 5
    assert time.monotonic() - begun < 60
    shown = reader.go(story)
    expect(shown.get_by_role("heading", level=1)).to_have_text(FERRY.headline)
    expect(shown.locator(".prose")).to_contain_text("The harbour is closed.")
    expect(shown.locator(".byline")).to_contain_text("Strait Wire")

    body = (FERRY.body[0], ("paragraph", "The harbour is open again."))
    newer = replace(FERRY, version=2, signal=Signal.UPDATE, body=body)
    _send(desk, address, key, newer)
    desk.go("desk/wire/")
    follow(page.get_by_role("link", name=FERRY.headline, exact=True))
    changes = page.get_by_role("region", name="Changed since version 1")
    expect(changes.locator("del")).to_contain_text("closed")
    expect(changes.locator("ins")).to_contain_text("open")
    follow(page.get_by_role("button", name="Merge and publish"))
    expect(page.get_by_text("The story follows the newest version.")).to_be_visible()
    reader.go(story)
    expect(shown.locator(".prose")).to_contain_text("The harbour is open again.")
    expect(shown.get_by_role("link", name="What has changed")).to_be_visible()

    _send(desk, address, key, replace(FERRY, version=3, pubstatus=PubStatus.CANCELED))
    answer = reader.page.goto(f"{reader.paper.url}/{story}")
    assert answer is not None
    assert answer.status == 410
    expect(shown.get_by_role("main")).to_contain_text("Strait Wire has withdrawn it, so it can no longer be read here.")
    desk.go("desk/")
    expect(page.get_by_text("Strait Wire has killed “Ferry runs aground off Sunport”")).to_be_visible()


def _connect(desk: Visit) -> tuple[str, str]:
    """Connect an agency that posts; its address and its key."""
    page = desk.go("desk/wire/feeds/new/")
    page.get_by_role("textbox", name="Name").fill("Strait Wire, by post")
    page.get_by_label("How items come").select_option("push")
    page.get_by_role("textbox", name="Agency").fill("Strait Wire")
    follow(page.get_by_role("button", name="Create"))
    follow(page.get_by_role("row").filter(has_text="Strait Wire, by post").get_by_role("link", name="Keys and address"))
    follow(page.get_by_role("button", name="Make a key"))
    key = page.get_by_role("alert").locator("code").inner_text()
    return page.locator("p code", has_text="/wire/push/").inner_text(), key


def _send(desk: Visit, address: str, key: str, item: Item) -> None:
    """Post an item as the page of the keys says."""
    body, now = ninjs.write(item), str(int(time.time()))
    signature = hmac.new(key.encode(), now.encode() + b"." + body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "X-Kawaraban-Timestamp": now,
        "X-Kawaraban-Signature": f"sha256={signature}",
    }
    answer = desk.context.request.post(address, data=body, headers=headers)
    assert answer.status == 200, answer.text()
