"""The newsroom at work: an editor publishes, corrects and closes; a moderator removes and restores."""

from __future__ import annotations

import re
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Begin
from tests.journeys.desk import begin_story, choose_photograph, publish, write_paragraph
from tests.journeys.paper import PASSWORD, PORTS
from tests.journeys.visit import email, follow, remove


def test_an_editor_publishes_a_story_corrects_it_and_closes_its_discussion(visits: Begin, tmp_path: Path) -> None:
    picture = tmp_path / "lamp.jpg"
    _draw_a_lamp(picture)
    desk, reader = visits(), visits()

    page = desk.go("desk/")
    page.get_by_label("Email").fill(email("editor"))
    page.get_by_label("Password").fill(PASSWORD)
    follow(page.get_by_role("main").get_by_role("button", name="Sign in"))
    expect(page).to_have_url(f"{desk.paper.url}/desk/")

    begin_story(desk, "Culture", "The lamp on Seal Rock is lit again")
    page.get_by_role("textbox", name="Standfirst").fill("Nobody had missed it for eleven years.")
    page.get_by_role("button", name="Add Byline").click()
    page.get_by_role("region", name="Byline 1").get_by_role("textbox", name="Name").fill("Mio Hara")
    _add_photograph(page, picture)
    write_paragraph(page, "It turns once in nine seconds.")
    address = publish(page)

    story = reader.go(address)
    expect(story.get_by_role("heading", level=1)).to_have_text("The lamp on Seal Rock is lit again")
    expect(story.locator(".standfirst")).to_have_text("Nobody had missed it for eleven years.")
    expect(story.locator(".byline")).to_have_text(
        re.compile(r"By Mio Hara\s.*\d\d:\d\d [ap]m JST.*No comments yet", re.DOTALL)
    )
    expect(story.locator(".prose")).to_contain_text("It turns once in nine seconds.")
    expect(story.locator(".photo")).to_contain_text("Seal Rock at dusk. Photo: Harbour News Agency / Jun Aoi")
    photo = story.get_by_role("img", name="A lamp over dark water.")
    assert photo.evaluate("(image) => image.decode().then(() => image.naturalWidth)") >= 480
    reader.go("culture/")
    expect(story.get_by_role("link", name="The lamp on Seal Rock is lit again")).to_be_visible()

    follow(page.get_by_role("link", name="Edit", exact=True))
    page.get_by_role("button", name="Add Correction").click()
    correction = page.get_by_role("region", name="Correction 1")
    correction.get_by_role("textbox", name="Time").fill("2026-11-20 09:30")
    correction.get_by_role("textbox", name="Text").fill("It turns once in eight seconds.")
    publish(page)
    reader.go(address)
    expect(story.get_by_role("region", name="Corrections")).to_contain_text(
        "09:30 am JST It turns once in eight seconds."
    )
    expect(story.get_by_role("link", name="Write a comment")).to_be_visible()

    follow(page.get_by_role("link", name="Edit", exact=True))
    page.get_by_role("tab", name="Settings").click()
    page.get_by_role("combobox", name="Discussion").select_option("Closed: can be read, not answered")
    publish(page)
    reader.go(address)
    closed = re.compile(
        r"Comments are closed since .*\d\d:\d\d [ap]m JST\. The newsroom closed it\. "
        r"The discussion can be read, not answered\."
    )
    expect(story.locator("#closed-notice")).to_have_text(closed)
    expect(story.get_by_role("link", name="Write a comment")).to_have_count(0)


def test_a_moderator_removes_a_comment_and_restores_it(visits: Begin, scripts: bool) -> None:
    moderator, reader = visits("moderator", scripts=scripts), visits(scripts=scripts)
    number = 3 if scripts else 4
    page = moderator.take_part(PORTS)
    comment = page.locator(f"#comment-{number}")
    words = comment.locator(".comment__text").inner_text()

    remove(comment)
    expect(comment).to_contain_text("Removed: rule 1, Speak to the argument. Answers stay.")
    shown = reader.go(f"{PORTS}/").locator(f"#comment-{number}")
    gone = r"Removed: rule 1, Speak to the argument\. Answers stay\."
    links = r"(\s*(Quoted by|Answered by|#\d+|,|·|this exchange alone))*"
    expect(shown).to_have_text(re.compile(rf"^\s*{number}\s*{gone}{links}\s*$"))
    assert words not in reader.page.content()

    comment.get_by_role("link", name="Restore").click()
    form = page.locator("form.own-form")
    expect(form).to_contain_text(f"Restore #{number}? Its words are shown again.")
    form.get_by_role("button", name="Restore").click()
    expect(comment.locator(".comment__text")).to_have_text(words, use_inner_text=True)
    reader.page.reload()
    expect(shown.locator(".comment__text")).to_have_text(words, use_inner_text=True)


def test_a_member_finds_no_way_to_remove_what_others_say(visits: Begin) -> None:
    visit = visits("Newcomer")
    page = visit.take_part(PORTS)
    expect(page.get_by_role("link", name="Remove")).to_have_count(0)
    path = str(page.locator("#comment-3 form.vote").get_attribute("action")).replace("vote", "remove")
    visit.go(path.lstrip("/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no page at this address")


def _draw_a_lamp(file: Path) -> None:
    picture = Image.new("RGB", (1500, 1000), "#22384f")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 720, 1500, 1000), "#16283a")
    pen.polygon([(690, 720), (730, 300), (770, 300), (810, 720)], "#e6e0d2")
    pen.polygon([(750, 270), (1500, 120), (1500, 420)], "#5b6d78")
    pen.ellipse((715, 235, 785, 305), "#f3c969")
    picture.save(file)


def _add_photograph(page: Page, picture: Path) -> None:
    """Upload a picture in Wagtail's chooser, with what is printed beside it."""
    photograph, dialog = choose_photograph(page)
    dialog.locator("input[type=file]").set_input_files(picture)
    dialog.get_by_role("textbox", name="Title*").fill("The lamp")
    dialog.get_by_role("textbox", name="Description").fill("A lamp over dark water.")
    dialog.get_by_role("textbox", name="Caption").fill("Seal Rock at dusk.")
    dialog.get_by_role("textbox", name="Photographer").fill("Jun Aoi")
    dialog.get_by_role("textbox", name="Agency").fill("Harbour News Agency")
    dialog.get_by_role("button", name="Upload").click()
    expect(dialog).to_have_count(0)
    expect(photograph).to_contain_text("The lamp")
