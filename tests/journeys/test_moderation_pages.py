"""Every page about moderation, at the desk and before it: no barrier, and nothing that sticks out or is cut off."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Begin
from tests.journeys.paper import GAUGES, Paper
from tests.journeys.test_accessibility import AT_REST, Reach, at, barriers
from tests.journeys.test_geometry import measured, note
from tests.journeys.visit import Visit, follow

DESK = ".desk, .house-rules"  # our part of a page; the menu and the header around it are Wagtail's
WRITER, REPORTER = "Quay Wall", "Night Watch"
LONG_AGO = "2001-01-01T00:00"


@pytest.fixture(scope="module", autouse=True)
def _full_queues(paper: Paper) -> None:
    """Something waits in every queue."""
    paper.fill_the_queues()


# --- How to get there: at the desk ------------------------------------------------------------------------------------


def queue(name: str) -> Reach:
    """A queue in which something waits."""

    def reach(visit: Visit) -> Page:
        page = visit.go(f"desk/moderation/queue/{name}/")
        expect(page.locator(".desk-line, .desk-box").first).to_be_visible()
        return page

    return reach


def case(visit: Visit) -> Page:
    """A case with reports, opened whole, with the keys."""
    page = visit.go("desk/moderation/queue/reported/")
    follow(page.locator("[data-line]").filter(has_text="The bridge was never meant").get_by_role("link"))
    expect(page.get_by_role("region", name="Reports")).to_contain_text("It is about people.")
    page.locator(".desk details").evaluate_all("(all) => all.forEach((each) => { each.open = true })")
    return page


def refused(visit: Visit) -> Page:
    """A case after a decision that says too little."""
    page = case(visit)
    page.get_by_label("Days, to mute or suspend").fill("")
    follow(page.get_by_role("button", name="Mute"))
    expect(page.get_by_role("alert")).to_contain_text("Say for how many days")
    return page


def networks(visit: Visit) -> Page:
    """Accounts that may be the same person's, after a reason was given."""
    page = case(visit)
    page.get_by_role("radio", name=re.compile("Several accounts seem to act as one")).check()
    follow(page.get_by_role("button", name="Show", exact=True))
    expect(page.get_by_role("table")).to_contain_text("Quay Wall Again")
    return page


def raid(visit: Visit) -> Page:
    """The page of a discussion in a raid, with something to undo."""
    page = case(visit)
    follow(page.get_by_role("link", name="a raid?"))
    expect(page.get_by_role("heading", name="Slow mode")).to_be_visible()
    if page.get_by_role("button", name="Undo: slowed down").count() == 0:
        follow(page.get_by_role("button", name="Slow down"))
    expect(page.get_by_role("button", name="Undo: slowed down")).to_be_visible()
    return page


def raid_preview(visit: Visit) -> Page:
    """What would be removed of a raid."""
    page = raid(visit)
    form = page.locator("form").filter(has_text="Remove what they wrote")
    for field in form.locator("input[type=datetime-local]").all():
        field.fill(LONG_AGO)
    follow(form.get_by_role("button"))
    expect(page.get_by_role("button", name=re.compile("^Remove \\d+"))).to_be_visible()
    return page


def bulk_preview(visit: Visit) -> Page:
    """What would be done to all that are ticked, without a reason yet."""
    page = visit.go("desk/moderation/queue/reported/")
    for box in page.locator("[data-line] input[type=checkbox]").all():
        box.check()
    follow(page.get_by_role("button", name="Remove …"))
    follow(page.get_by_role("button", name=re.compile("^Remove \\d+")))
    expect(page.get_by_role("alert")).to_contain_text("Choose the rule")
    return page


def compared(visit: Visit) -> Page:
    """What would change of the house rules."""
    page = visit.go("desk/rules/")
    page.get_by_label("Introduction").fill("Disagree as sharply as you like.")
    follow(page.get_by_role("button", name="Show what would change …"))
    expect(page.get_by_role("button", name=re.compile("^Publish as version"))).to_be_visible()
    return page


def tried(visit: Visit) -> Page:
    """A word, tried on what was written."""
    page = visit.go("desk/moderation/screening/")
    page.get_by_label("Word, words or pattern").fill("harbour")
    follow(page.get_by_role("button", name="Try it on the last 1,000 comments"))
    expect(page.get_by_role("heading", name=re.compile("^Would have met"))).to_be_visible()
    return page


def score(visit: Visit) -> Page:
    """A score that was learned, with its curve."""
    page = visit.go("desk/moderation/score/")
    expect(page.locator(".screening-curve")).to_be_visible()
    return page


AT_THE_DESK: dict[str, tuple[Reach, str]] = {
    # name: how to get there, and who is signed in
    **{name: (queue(name), "moderator") for name in ("reported", "held", "appeals", "notices", "rings")},
    "nothing waits": (at("desk/moderation/queue/score/"), "moderator"),
    "case": (case, "moderator"),
    "refused": (refused, "moderator"),
    "networks": (networks, "moderator"),
    "members to warn": (at("desk/moderation/members/"), "moderator"),
    "raid": (raid, "moderator"),
    "raid, preview": (raid_preview, "moderator"),
    "bulk, preview": (bulk_preview, "moderator"),
    "house rules": (at("desk/rules/"), "editor"),
    "house rules, compared": (compared, "editor"),
    "words": (at("desk/moderation/screening/"), "moderator"),
    "words, tried": (tried, "editor"),
    "checks": (at("desk/moderation/checks/"), "editor"),
    "score": (score, "editor"),
}


# --- How to get there: before the desk --------------------------------------------------------------------------------


def of_the_queued(rest: str) -> Reach:
    """A page of the discussion that has come to the moderators."""
    return lambda visit: visit.go(f"{visit.paper.queued}/{rest}")


def report_form(visit: Visit) -> Page:
    """The form of a report, from where the comment stands."""
    comment = visit.take_part(GAUGES).locator("#comment-2")
    comment.get_by_text("More", exact=True).click()
    follow(comment.get_by_role("link", name="Report"))
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Report a comment")
    return visit.page


def receipt(visit: Visit) -> Page:
    """The receipt of a notice."""
    page = _give_notice(visit, "/rules/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your notice")
    return page


def refused_notice(visit: Visit) -> Page:
    """The form of a notice about a page that is not ours."""
    page = _give_notice(visit, "https://elsewhere.example/")
    expect(page.get_by_role("alert")).to_contain_text("That is not the address of a page on this site")
    return page


def decision(visit: Visit) -> Page:
    """The reasons of a decision, as the member reads them."""
    return _decision(visit, 0)


def appeal_form(visit: Visit) -> Page:
    """The form of an appeal."""
    page = _decision(visit, -1)
    follow(page.get_by_role("link", name="Appeal against it"))
    expect(page.get_by_label("Why is the decision wrong?")).to_be_visible()
    return page


def appealed(visit: Visit) -> Page:
    """An appeal that waits."""
    page = _decision(visit, 0)
    follow(page.get_by_role("link", name="Appeal against it"))
    expect(page.get_by_role("main")).to_contain_text("It was a joke.")
    return page


def asked_before_posting(visit: Visit) -> Page:
    """What a writer is told whose comment would wait."""
    page = visit.take_part(GAUGES)
    page.get_by_label("Your comment as").fill("There is a miracle cure for that, and it costs nothing.")
    page.get_by_role("button", name="Post").click()
    expect(page.get_by_role("alert")).to_be_visible()
    return page


BEFORE_THE_DESK: dict[str, tuple[Reach, str]] = {
    "in place": (of_the_queued(""), ""),
    "report form": (report_form, REPORTER),
    "reported": (of_the_queued("1/report/"), REPORTER),
    "notice form": (at("notice/"), ""),
    "notice, refused": (refused_notice, ""),
    "receipt": (receipt, ""),
    "contact": (at("contact/"), ""),
    "figures": (at("moderation/"), ""),
    "log": (at("moderation/log/"), ""),
    "rules": (at("rules/"), ""),
    "decisions about me": (at("account/decisions/"), WRITER),
    "decision": (decision, WRITER),
    "appeal form": (appeal_form, WRITER),
    "appealed": (appealed, WRITER),
    "what I may do": (at("account/standing/"), WRITER),
    "asked before posting": (asked_before_posting, WRITER),
}


def _give_notice(visit: Visit, about: str) -> Page:
    page = visit.go("notice/")
    page.get_by_label("Address of the comment or page").fill(about)
    page.get_by_role("radio", name="A threat to somebody’s life or safety").check()
    page.get_by_label("The law or rule that it breaks").fill("Penal code, 222")
    page.get_by_label("Why it is illegal").fill("It says when somebody is alone at home.")
    page.get_by_label("I believe in good faith").check()
    follow(page.get_by_role("button", name="Send the notice"))
    return page


def _decision(visit: Visit, place: int) -> Page:
    """The reasons of one of the writer's removals, the newest first."""
    page = visit.go("account/decisions/")
    follow(page.get_by_role("main").get_by_role("link", name=re.compile("^Remov")).nth(place))
    expect(page.get_by_role("main")).to_contain_text("About people.")
    return page


# --- What is asked of them --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", AT_THE_DESK)
def test_a_page_of_the_desk_has_no_barrier_and_nothing_out_of_its_place(visits: Begin, name: str) -> None:
    reach, member = AT_THE_DESK[name]
    page = reach(measured(visits(member)))
    expect(page.locator(DESK).first).to_be_visible()
    assert (barriers(page, DESK), out_of_place(page, DESK)) == ({}, {})


@pytest.mark.parametrize("name", BEFORE_THE_DESK)
def test_a_page_for_readers_has_no_barrier_and_nothing_out_of_its_place(visits: Begin, name: str) -> None:
    reach, member = BEFORE_THE_DESK[name]
    page = reach(measured(visits(member)))
    assert (barriers(page), out_of_place(page)) == ({}, {})


def out_of_place(page: Page, within: str | None = None) -> dict[str, list[str]]:
    """What sticks out, is cut off or stands too close, by width."""
    found: dict[str, list[str]] = {}
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(AT_REST)  # Wagtail's menu slides away
        note(found, f"{width} px", page, "stickingOut", "cutOff", "crowded", within=within)
    return found
