"""Nothing changes but by a form of ours, sent by who it was made for; what comes otherwise is shown, not done."""

from __future__ import annotations

import html
import re

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from wagtail.models import Page

from kawaraban.accounts import actions as account_actions
from kawaraban.accounts.models import Notification, Preference, Relation, User
from kawaraban.accounts.testing import PASSWORD, make_member, make_notification
from kawaraban.accounts.tests.inert import ATTACKS, dangers, read
from kawaraban.decisions.actions import restrict_member
from kawaraban.decisions.models import Decision, Entry, Rule, Rulebook
from kawaraban.decisions.models import Kind as Decided
from kawaraban.decisions.testing import RUDE
from kawaraban.discussion import actions
from kawaraban.discussion.models import (
    Agreed,
    Closing,
    Comment,
    Passage,
    Pick,
    Quote,
    Seat,
    Source,
    SourceRequest,
    Tally,
    Thread,
    Vote,
    Worth,
)
from kawaraban.discussion.testing import make_comment, make_thread, remove_comment
from kawaraban.discussion.typesetting import CUT
from kawaraban.moderation.actions import settle_notice
from kawaraban.moderation.models import Appeal, Approval, Batch, Claim, Notice, Report, Ring
from kawaraban.moderation.testing import make_notice
from kawaraban.newsroom.actions import Found, report_error
from kawaraban.newsroom.corrections import ErrorReport
from kawaraban.newsroom.live_reports import LiveEntry, LiveReport
from kawaraban.newsroom.polls import Poll, PollOption, PollVote
from kawaraban.newsroom.testing import make_poll

HERE, FOREIGN = "http://testserver", "https://evil.example"
NEW = {"password1": "eight-dry-umbrellas", "password2": "eight-dry-umbrellas"}

# Every route that changes something: who may do it, and what they send. A new one needs a row.
WRITES = {
    "discussion:post": ("author", {"body": "Forged <words>.", "key": "key-2"}),
    "discussion:vote": ("reader", {"value": "1"}),
    "discussion:edit": ("author", {"body": "Forged <words>."}),
    "discussion:delete": ("author", {}),
    "discussion:remove": ("moderator", {"rule": "1", "facts": "Forged <words>."}),
    "discussion:cut": ("moderator", {"body": f"The ferry was {CUT}.", "rule": "1", "facts": "Forged <words>."}),
    "discussion:restore": ("moderator", {}),
    "discussion:preview": ("reader", {"body": "Forged <words>."}),
    "discussion:draft": ("reader", {"body": "Forged <words>."}),
    "discussion:seen": ("reader", {"number": "1"}),
    "discussion:follow": ("reader", {"value": "1"}),
    "discussion:worth": ("reader", {"value": "1"}),
    "discussion:source": ("reader", {"url": "https://forged.example/"}),
    "discussion:pick": ("moderator", {"reason": "Forged <words>."}),
    "discussion:agreed": ("moderator", {"number": "1"}),
    "discussion:closing": ("moderator", {"deed": "close", "reason": "heat", "words": "Forged <words>."}),
    "moderation:report": ("reader", {"rule": "1", "words": "Forged <words>."}),
    "moderation:appeal": ("reader", {"words": "Forged <words>."}),
    "moderation:receipt": ("stranger", {"words": "Forged <words>."}),
    "moderation:notice": (
        "stranger",
        {
            "url": "/",
            "category": "speech",
            "ground": "Forged <law>.",
            "words": "Forged <words>.",
            "name": "F",
            "email": "f@a.example",
            "in_good_faith": "on",
        },
    ),
    "newsroom:report_error": ("stranger", {"version": "1", "passage": "0", "words": "Forged <words>."}),
    "newsroom:vote": ("reader", {}),  # the key of the answer is in `scene`
    "accounts:open_notification": ("reader", {}),
    "accounts:read_all": ("reader", {"newest": "999999999"}),
    "accounts:notification_settings": (
        "reader",
        {"decisions": "here", "answers": "now", "stories": "here", "members": "here"},
    ),
    "accounts:follow": ("reader", {}),
    "accounts:unfollow": ("reader", {}),
    "accounts:mute": ("reader", {}),
    "accounts:unmute": ("reader", {}),
    "account_login": ("stranger", {"login": "old-ferryman@readers.example", "password": PASSWORD}),
    "account_logout": ("reader", {}),
    "account_signup": ("stranger", {"handle": "Forged", "email": "f@a.jp", "password1": PASSWORD, "rules": "on"}),
    "account_email": ("reader", {"email": "forged@a.example", "action_add": ""}),
    "account_change_password": ("reader", {"oldpassword": PASSWORD, **NEW}),
    "account_set_password": ("reader", NEW),
    "account_reauthenticate": ("reader", {"password": PASSWORD}),
    "account_reset_password": ("stranger", {"email": "old-ferryman@readers.example"}),
    "account_reset_password_from_key": ("stranger", NEW),
    "account_confirm_email": ("stranger", {}),
    "account_confirm_login_code": ("stranger", {"code": "123456"}),
}
READS = {
    "accounts:account", "accounts:mine", "accounts:privacy", "decisions:rules", "decisions:rules_version",
    "decisions:decision", "decisions:about_me",
    "accounts:notifications", "accounts:people",
    "moderation:contact", "moderation:published", "moderation:log",
    "search:search", "newsroom:site_css", "newsroom:poll", "newsroom:versions", "newsroom:version",
    "newsroom:error_sent", "newsroom:error_answered",
    "syndication:feeds", "syndication:site", "syndication:section", "syndication:author", "syndication:tag",
    "syndication:thread", "syndication:ninjs", "syndication:newsml", "syndication:card", "syndication:robots",
    "syndication:sitemap", "syndication:sitemap_pages", "syndication:sitemap_news", "syndication:sitemap_month",
    "discussion:thread", "discussion:mine", "discussion:write", "discussion:comment", "discussion:member",
    "discussion:since", "discussion:story", "discussion:conversation", "discussion:about_me",
    "discussion:standing", "discussion:opinions", "discussion:own_place", "discussion:common_ground",
    "account_inactive", "account_email_verification_sent", "account_reset_password_done",
    "account_reset_password_from_key_done",
}  # fmt: skip
# The address itself is the permission: signed by us, and good for one thing (accounts/tests/test_mail.py).
SIGNED = {"accounts:unsubscribe"}
# Other programs send a key of the operator's in place of our cookie; nothing is kept of what they ask
# (screening/tests/test_scorer.py). An agency signs what it posts (wire/tests/test_push.py).
KEYED = {"screening:analyze", "wire_push"}
# An opened story says that it is read, with no cookie; what another site's page says is not counted, and a count is
# all that changes (newsroom/tests/test_reads.py).
COUNTED = {"newsroom:count_read"}
# What a look leaves behind: who opens the link that confirms another member's address is signed out, the link to a new
# password is in the session of who followed it, and a member has seen a discussion whose own page they opened.
LOOKING = {
    "account_confirm_email": ["Session"],
    "account_reset_password_from_key": ["Session"],
    "discussion:thread": ["Seat"],
}
# Pages and pictures, which take no form; a password of Wagtail's own for a page is not used here.
SERVED = {
    "wagtail_serve", "^media/(?P<path>.*)$", "^media/(?P<path>(?:original_images|wagtail_uploads)/.*)$",
    "wagtailcore_authenticate_with_password", "wagtailcore_login", "_util/login/",
}  # fmt: skip


@pytest.fixture
def scene(reader, author, moderator):
    """A comment to act on, and the arguments of every route."""
    comment = make_comment(make_thread(), author, "The ferry was never late.")
    actions.keep_passages(comment.thread_id, ["The bridge is promised again"])
    address = EmailAddress.objects.get(user=make_member("Setsuko", verified=False))
    poll = make_poll()
    story = {"story_id": poll.story_id}
    feed = {"kind": "atom"}
    forgotten = {"uidb36": user_pk_to_url_str(reader), "key": default_token_generator.make_token(reader)}
    reported = report_error(poll.story_id, Found(1, 0, "Twice."), reader)
    followed, muted = make_member(), make_member()
    account_actions.follow_member(reader, followed)
    account_actions.mute_member(reader, muted)
    warned = restrict_member(moderator, reader, Decided.WARN, RUDE)
    notice = make_notice()
    settle_notice(moderator, notice.pk, False, "It may stay.")
    return {
        "moderation:report": {"thread_id": comment.thread_id, "number": comment.number},
        "moderation:appeal": {"decision_id": warned.pk},
        "moderation:receipt": {"key": notice.key},
        "accounts:open_notification": {"key": make_notification(reader).pk},
        "accounts:follow": {"slug": author.slug},
        "accounts:unfollow": {"slug": followed.slug},
        "accounts:mute": {"slug": author.slug},
        "accounts:unmute": {"slug": muted.slug},
        "people": {"reader": reader, "author": author, "moderator": moderator},
        "numbers": {"thread_id": comment.thread_id, "number": comment.number},
        "member": {"slug": author.slug},
        "account_confirm_email": {"key": EmailConfirmationHMAC(address).key},
        "account_reset_password_from_key": forgotten,
        "decisions:rules_version": {"version": 1},
        "decisions:decision": {"decision_id": warned.pk},
        "newsroom:poll": {"poll_id": poll.pk},
        "newsroom:versions": story,
        "newsroom:version": {**story, "version": 1},
        "newsroom:report_error": story,
        "newsroom:error_sent": story,
        "newsroom:error_answered": {**story, "report_id": reported.pk},
        "syndication:site": feed,
        "syndication:section": {**feed, "slug": "city"},
        "syndication:author": {**feed, "name": "Kaoru Minami"},
        "syndication:tag": {**feed, "name": "bridge"},
        "syndication:thread": {**feed, "thread_id": poll.story.thread_id},
        "syndication:ninjs": story,
        "syndication:newsml": story,
        "syndication:card": story,
        "syndication:sitemap_month": {"year": "2026", "month": "11", "part": "1"},
        "newsroom:vote": {"poll_id": poll.pk},
        "forms": {"newsroom:vote": {"option": str(poll.options.all()[1].pk)}},
    }


def way(name, scene):
    room, _, view = name.partition(":")
    if room != "discussion":
        return reverse(name, kwargs=scene.get(name, {}))
    numbers = dict(scene["numbers"])
    of_thread = ("thread", "mine", "write", "post", "preview", "draft", "seen", "follow", "closing")
    if view in (*of_thread, "opinions", "own_place", "agreed"):
        del numbers["number"]
    if view == "story":
        numbers = {"thread_id": numbers["thread_id"], "version": 1}
    of = {"member": scene["member"], "about_me": {}, "standing": {}, "common_ground": {}}
    return reverse(name, kwargs=of.get(view, numbers))


def browser_of(who, scene):
    browser = Client(enforce_csrf_checks=True)
    if who != "stranger":
        browser.force_login(scene["people"][who])
    return browser


def token_of(browser):
    page = browser.get("/account/email/" if "_auth_user_id" in browser.session else "/account/login/").content.decode()
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]


def state():
    """Every row that a form could change, and the mail that it could send."""
    tables = (User, EmailAddress, Session, Thread, Comment, Vote, Page, Notification, Preference, Relation)
    tables = (*tables, Poll, PollOption, PollVote, Rulebook, Rule, Decision, Entry)
    tables = (*tables, Report, Claim, Approval, Appeal, Notice, Batch, Ring, ErrorReport)
    tables = (*tables, LiveReport, LiveEntry, Closing, Passage, Quote, SourceRequest, Source, Worth, Pick, Seat, Agreed)
    rows = {table.__name__: list(table.objects.order_by("pk").values_list()) for table in tables}
    return {**rows, "mail": len(mail.outbox)}


def changes_since(before):
    """What is not as it was."""
    now = state()
    return [name for name in now if now[name] != before[name]]


def routes(resolver=None, path=""):
    """The name, path and view of every route of the site."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            name = entry.name or str(entry.pattern)
            app = getattr(resolver, "namespace", None)
            yield f"{app}:{name}" if app else name, path + str(entry.pattern), entry.callback
        else:
            yield from routes(entry, path + str(entry.pattern))


# --- Every route ------------------------------------------------------------------------------------------------------


def test_every_route_is_known_to_read_or_to_write():
    """S-021: a route without a row here is not guarded by the tests below."""
    ours = {name for name, path, _ in routes() if not path.startswith("desk/")}
    assert ours - set(WRITES) - READS - SIGNED - KEYED - COUNTED - SERVED == set()


def test_no_view_is_exempt_from_the_check_but_those_that_check_for_themselves():
    exempt = {path for _, path, view in routes() if getattr(view, "csrf_exempt", False)}
    assert {path for path in exempt if not path.startswith("desk/api/main/")} == {
        "unsubscribe/<str:token>/",
        "api/v1alpha1/comments:analyze",
        "wire/push/<id:feed_id>/",
        "story/<id:story_id>/read/",
    }


def test_what_reads_takes_no_form(scene):
    browser = browser_of("reader", scene)
    form = {"csrfmiddlewaretoken": token_of(browser)}
    assert {name: browser.post(way(name, scene), form).status_code for name in READS} == dict.fromkeys(READS, 405)


def approved_by_all(thread_id):
    """Let the thread have two groups, which like its first comment."""
    Thread.objects.filter(pk=thread_id).update(group_letters="AB")
    comment = Comment.objects.get(thread=thread_id, number=1)
    Tally.objects.create(comment=comment, thread_id=thread_id, votes=[[9, 9], [9, 9]])


def attacks(browser, scene):
    """The name of each attack, with what it sends besides the form."""
    token, others = token_of(browser), token_of(browser_of("moderator", scene))
    yield "no token", {}, {}
    yield "empty token", {"csrfmiddlewaretoken": ""}, {"Origin": HERE}
    yield "wrong token", {"csrfmiddlewaretoken": "x" * 64}, {"Origin": HERE}
    yield "wrong token in a header", {}, {"X-CSRFToken": "y" * 64, "Origin": HERE}
    yield "somebody else's token", {"csrfmiddlewaretoken": others}, {}
    yield "somebody else's token in a header", {}, {"X-CSRFToken": others, "X-Fragment": "1"}
    for origin in (
        FOREIGN,
        "null",
        "https://testserver",
        "http://testserver.evil.example",
        "http://testserver:81",
        "file://",
    ):
        yield f"from {origin}", {"csrfmiddlewaretoken": token}, {"Origin": origin}
    yield "overridden method", {"_method": "PUT"}, {"X-HTTP-Method-Override": "POST"}


# What changes no row that readers or their writer see, and is guarded all the same.
CHANGES_NOTHING = {"account_set_password", "account_confirm_login_code", "discussion:preview"}
# Asked for by a script, which stays where it is.
ANSWERED_IN_PLACE = {"discussion:preview": 200, "discussion:draft": 204, "discussion:seen": 204}

# From a discussion of ours, a stranger without a good token is asked to sign in, and nothing else happens.
ASKED_TO_SIGN_IN = ("empty token", "wrong token", "wrong token in a header")


@pytest.mark.parametrize("name", sorted(WRITES))
def test_a_form_changes_something_only_if_it_is_ours(name, scene):
    """S-021."""
    who, form = WRITES[name]
    form = {**form, **scene["forms"].get(name, {})}
    browser, address = browser_of(who, scene), way(name, scene)
    if name == "discussion:restore":
        remove_comment(scene["people"]["moderator"], *scene["numbers"].values())
    if name == "discussion:agreed":
        approved_by_all(scene["numbers"]["thread_id"])
    forgeries = list(attacks(browser, scene))
    before = state()
    for what, more, headers in forgeries:
        answer = browser.post(address, {**form, **more}, headers=headers)
        asked = answer.get("Location", "").startswith("/account/login/") and what in ASKED_TO_SIGN_IN
        assert answer.status_code == 403 or (asked and name.startswith("discussion:")), what
        assert changes_since(before) == [], what
    for kind in ("text/plain", "application/json", "application/octet-stream"):
        answer = browser.generic("POST", address, b'{"body": "Forged."}', kind, headers={"Origin": FOREIGN})
        assert answer.status_code == 403, kind
    assert changes_since(before) == []
    if name == "account_reset_password_from_key":
        address = browser.get(address)["Location"]
    answer = browser.post(address, {**form, "csrfmiddlewaretoken": token_of(browser)}, headers={"Origin": HERE})
    assert answer.status_code == ANSWERED_IN_PLACE.get(name, 302)
    assert bool(changes_since(before)) == (name not in CHANGES_NOTHING)


def test_looking_at_every_route_changes_nothing(scene):
    """S-023: GET and HEAD of everything, by a stranger, a member and the staff, who come to each by themselves."""
    for who in ("stranger", "author", "moderator"):
        for name in {*WRITES, *READS}:
            browser = browser_of(who, scene)
            before = state()
            for look in (browser.get, browser.head):
                answer = look(way(name, scene))
                assert answer.status_code in (200, 302, 404, 405), name
            assert changes_since(before) in ([], LOOKING.get(name)), (who, name)


def test_the_desks_own_interface_checks_for_itself(site, editor):
    """Wagtail's admin API is exempt from Django's check because it has its own."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(editor)
    pages = Page.objects.count()
    for deed in ("unpublish", "delete", "copy"):
        answer = browser.post(f"/desk/api/main/pages/{site.pk}/action/{deed}/", {}, "application/json")
        assert answer.status_code == 403
    assert Page.objects.count() == pages
    assert Page.objects.get(pk=site.pk).live


# --- Without a script: asked once more --------------------------------------------------------------------------------


def form_on(page, action):
    """What a browser would send from the form with this action."""
    found = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page.content.decode(), re.DOTALL)[1]
    fields = {
        attributes["name"]: attributes.get("value", "")
        for tag, attributes in read(found).elements
        if tag == "input" and attributes.get("name")
    }
    words = re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\n?(.*?)</textarea>', found, re.DOTALL)
    return {**fields, **{name: html.unescape(text) for name, text in words}}


@pytest.mark.parametrize(
    "name", ["post", "vote", "edit", "delete", "remove", "worth", "source", "pick", "follow", "closing"]
)
def test_a_members_form_without_a_token_is_shown_and_done_once_confirmed(name, scene):
    """Pages that everybody gets hold no token (S-022); without a script their forms are confirmed here."""
    headers = {"Origin": HERE} if name in ("post", "vote") else {"Referer": f"{HERE}/city/bridge/"}
    who, form = WRITES[f"discussion:{name}"]
    browser, address = browser_of(who, scene), way(f"discussion:{name}", scene)
    before = state()
    page = browser.post(address, form, headers=headers)
    assert (page.status_code, page["X-Frame-Options"]) == (403, "DENY")
    assert "no-store" in page["Cache-Control"]
    assert changes_since(before) == []
    sent = form_on(page, address)
    assert {field: sent[field] for field in form} == form
    assert browser.post(address, sent, headers={"Origin": HERE}).status_code == 302
    assert changes_since(before)


@pytest.mark.parametrize("text", ["Two\n\nparagraphs, “quoted” & <b>bold</b>", "&lt;kept&gt;\n> as typed", "\n\nfirst"])
def test_the_words_to_confirm_are_the_words_that_were_sent(text, scene):
    browser, address = browser_of("author", scene), way("discussion:post", scene)
    page = browser.post(address, {"body": text, "key": "key-2"}, headers={"Origin": HERE})
    sent = form_on(page, address)
    assert (sent["body"].lstrip("\n"), sent["key"]) == (text.lstrip("\n"), "key-2")
    browser.post(address, sent, headers={"Origin": HERE})
    assert Comment.objects.get(number=2).source == text.strip("\n")


def test_a_form_from_elsewhere_is_not_even_shown(scene):
    for headers in ({"Origin": FOREIGN}, {"Origin": "null", "Referer": f"{HERE}/"}, {"Referer": f"{FOREIGN}/"}, {}):
        form = {"body": "Forged <words>.", "value": "1"}
        answer = browser_of("author", scene).post(way("discussion:post", scene), form, headers=headers)
        assert answer.status_code == 403
        assert "Forged" not in answer.content.decode()


def test_attacks_are_confirmed_as_words(scene):
    browser, address = browser_of("author", scene), way("discussion:post", scene)
    for attack in ATTACKS:
        form = {"body": attack, "key": attack, "value": attack}
        page = browser.post(address, form, headers={"Origin": HERE, "Referer": f"{HERE}/{attack[:9]}"})
        assert dangers(page.content) == []
        assert form_on(page, address)["body"] == attack


def test_the_way_back_stays_here(scene):
    """S-073."""
    for path in ("//evil.example/", "/\\evil.example/", "\\\\evil.example/", "/\t/evil.example/"):
        page = browser_of("author", scene).post(way("discussion:delete", scene), headers={"Referer": HERE + path})
        links = [attributes["href"] for tag, attributes in read(page.content).elements if tag == "a"]
        assert not [link for link in links if re.match(r"[\\/][\\/\s]|\\", link)], path


def test_a_strangers_vote_leads_to_sign_in_and_back_to_the_story(scene):
    page = {"Origin": HERE, "Referer": f"{HERE}/city/bridge/"}
    answer = browser_of("stranger", scene).post(way("discussion:vote", scene), {"value": "1"}, headers=page)
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=/city/bridge/")


@pytest.mark.parametrize("has_token", [False, True], ids=["without a token", "with the token of before"])
@pytest.mark.parametrize("name", ["post", "edit"])
def test_words_sent_after_the_session_ended_are_handed_back(name, has_token, scene):
    """Two weeks later the page is still open and its token still good: nothing is posted, and nothing is lost."""
    browser, address = browser_of("author", scene), way(f"discussion:{name}", scene)
    token = {"csrfmiddlewaretoken": token_of(browser)} if has_token else {}
    Session.objects.all().delete()
    before = state()
    answer = browser.post(address, {"body": "Long <considered> words.", **token}, headers={"Origin": HERE})
    assert changes_since(before) == []
    assert "Long <considered> words." in read(answer.content).text
