"""Who sees which secret where: one table over every route, mail, stream and file (S-034, S-035, S-038, S-039).

A route that is new is walked without a line here. What it shows that the table does not grant fails.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import timedelta
from itertools import chain, product

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from wagtail.models import Page

from kawaraban import bus, cli
from kawaraban.accounts import actions as accounts
from kawaraban.accounts import tasks as account_tasks
from kawaraban.accounts.announce import unsubscribe_token
from kawaraban.accounts.models import ADMINISTRATOR, NetworkKey, Notification, Topic, Trace, Way
from kawaraban.accounts.testing import make_member
from kawaraban.decisions.actions import Ground
from kawaraban.decisions.models import Decision, Entry
from kawaraban.discussion import actions as discussion
from kawaraban.discussion import reads, vocabulary
from kawaraban.discussion.models import Thread
from kawaraban.discussion.orders import ORDERS, PARTS
from kawaraban.discussion.testing import make_comment, make_waiting
from kawaraban.discussion.typesetting import CUT
from kawaraban.jobs.models import Job
from kawaraban.jobs.testing import run_jobs
from kawaraban.live import subjects
from kawaraban.moderation import actions, tasks
from kawaraban.moderation import reads as moderation
from kawaraban.moderation.models import Appeal, Batch, Notice, Ring
from kawaraban.moderation.testing import make_notice
from kawaraban.newsroom import actions as newsroom
from kawaraban.newsroom.actions import paragraph
from kawaraban.newsroom.corrections import ErrorReport
from kawaraban.newsroom.models import StoryPage
from kawaraban.newsroom.testing import make_poll, make_story
from kawaraban.screening import actions as screening
from kawaraban.wire.models import Feed, Voice, WireItem, WireVersion
from kawaraban.wire.testing import an_item, deliver, make_feed
from tests.test_writes_are_guarded import routes

# Each is a word that stands nowhere else.
REMOVED, HELD, WAITING, TAKEN, DELETED, FORMER = (
    f"zq{name}zq" for name in ("removed", "held", "waiting", "taken", "deleted", "former")
)
DRAFT, REPORT, NOTICE, APPEAL, FACTS, LISTED, EMBARGOED, ERROR, WIRE = (
    f"zq{name}zq" for name in ("draft", "report", "notice", "appeal", "facts", "listed", "embargoed", "error", "wire")
)
REPORTER, SECOND, VOTER, NOTIFIER, MODERATOR = "zqreporter", "zqsecond", "zqvoter", "zqnotifier", "okabe"
MAIL, NETWORK = "@readers.example", "203.0.113"  # whoever's, but one's own
SAID = "The ferry was never late in thirty-one years."

# What is shown to whom, and where: on a route, or written beside pages. Staff are the moderator who has decided, and a
# colleague, who is an administrator. Who has quoted words keeps what they wrote in a form of their own. What no line
# grants is nowhere. A form that is refused leads back to its page: of an own decision, of what was not understood.
GRANTED = f"""
{REMOVED}    staff      moderation_case discussion:cut moderation_bulk moderation_thread
{HELD}       staff      moderation_case discussion:cut moderation_bulk moderation_thread moderation_queue
{WAITING}    staff      moderation_case discussion:cut moderation_bulk moderation_thread moderation_queue
{WAITING}    staff      discussion:comment
{WAITING}    colleague  moderation_screening
{WAITING}    author     discussion:comment
{TAKEN}      staff      moderation_case discussion:cut
{DELETED}    staff      moderation_case discussion:cut
{REMOVED}    reader     discussion:edit
{HELD}       reader     discussion:edit
{TAKEN}      reader     discussion:edit
{DELETED}    reader     discussion:edit
{DRAFT}      reader     discussion:thread discussion:mine discussion:write
{REPORT}     staff      moderation_case
{NOTICE}     everybody  moderation:receipt
{NOTICE}     staff      moderation_case moderation_queue
{APPEAL}     author     moderation:appeal
{APPEAL}     staff      moderation_case moderation_queue
{FACTS}      author     decisions:decision discussion:thread discussion:mine
{FACTS}      staff      decisions:decision moderation_case moderation_queue
{APPEAL}     moderator  moderation_appeal
{FACTS}      moderator  moderation_appeal
{LISTED}     staff      moderation_screening
{NOTIFIER}   staff      moderation_queue
{MODERATOR}  colleague  moderation_case moderation_queue
{MODERATOR}  colleague  moderation_ring
{SECOND}     staff      moderation_networks
{ERROR}      colleague  newsroom_errors newsroom_error
{ERROR}      reader     newsroom:error_answered
{WIRE}       colleague  wire wire_item wire_raw wire_voices
key          everybody  moderation:receipt
key          notifier   mail
"""
VIEWERS = ("stranger", "reader", "author", "moderator", "colleague")
PEOPLE = {"staff": VIEWERS[3:], "everybody": VIEWERS}


def granted():
    """Who may see each secret, and where."""
    found = set()
    for line in GRANTED.strip().splitlines():
        secret, who, *places = line.split()
        found |= {(secret, each, place) for each in PEOPLE.get(who, (who,)) for place in places}
    return found


# --- The scene --------------------------------------------------------------------------------------------------------


@pytest.fixture
def scene(site, reader, author, moderator, django_capture_on_commit_callbacks):
    """A discussion in which everything has happened that leaves something to hide."""
    heard = []
    end = bus.subscribe(subjects.CHANNEL, lambda message: heard.append(subjects.received(message)))
    people = {"reader": reader, "author": author, "moderator": moderator, "reporter": make_member(REPORTER)}
    people["colleague"] = make_member(role=ADMINISTRATOR)
    for member in people.values():
        accounts.prefer(member, dict.fromkeys(Topic, Way.NOW))
    story, poll = make_story(), make_poll()
    thread = Thread.objects.get(pk=story.thread_id)
    discussion.follow_thread(reader, thread, wanted=True)
    with django_capture_on_commit_callbacks(execute=True):
        comments = said(thread, author, reader)
        decided(thread, comments, people)
    discussion.keep_draft(reader, thread, f"I began to say {DRAFT}.")
    embargoed(story)
    voted(comments["shown"], author)
    screening.add_pattern(None, LISTED)
    newsroom.report_error(story.pk, newsroom.Found(story.version, 1, f"It was {ERROR}."), reader)
    deliver(make_feed(), an_item(headline=f"The {WIRE} has run aground"))
    deliver(make_feed("Gossip", agency="The Gossip"), an_item(version=2, headline=f"The {WIRE} was refused"))
    for queue in (account_tasks.queue_mail, tasks.queue_notice_mail):
        queue.enqueue()
    run_jobs()
    end()
    yield {"people": people, "story": story, "thread": thread, "comments": comments, "poll": poll, "heard": heard}
    cache.clear()


def said(thread, author, reader):
    """The comments, by what becomes of them; the last but one quotes those that go out of sight."""
    texts = {
        "shown": SAID,
        "removed": f"Under the harbour temple the {REMOVED} of the old mayor sleeps in copper barrels.",
        "held": f"Nobody has counted how often the {HELD} was painted over since the flood.",
        "taken": f"My neighbour keeps {TAKEN} in a shed behind the second pier, ask anybody.",
        "deleted": f"Whoever believed in {DELETED} should have looked at the timetable of 1996.",
        "former": f"It takes eleven minutes with a tail wind, said {FORMER} to whoever would listen.",
        "folded": "There is no third way across, and never was, whatever the posters promise.",
    }
    comments = {name: make_comment(thread, author, text) for name, text in texts.items()}
    quoting = "\n\n".join(f"> {texts[name]}\n\nSo you say." for name in ("removed", "held", "taken", "deleted"))
    comments["quoting"] = make_comment(thread, reader, quoting)
    comments["waiting"] = make_waiting(thread, author, f"> {SAID}\n\nThe {WAITING} of the pier knows better.")
    return comments


def decided(thread, comments, people):
    """What the author, a reporter, somebody outside and a moderator do about them."""
    author, moderator = people["author"], people["moderator"]
    ground = Ground(f"It says {FACTS} of somebody.", rule=1)
    for name in ("shown", "removed"):
        number = comments[name].number
        actions.report_comment(people["reporter"], thread.pk, number, rule=1, words=f"It is {REPORT}.")
    for name in ("shown", "held"):
        told = {"words": f"That {NOTICE} is me.", "name": NOTIFIER, "email": f"{NOTIFIER}@outside.example"}
        make_notice(comments[name], **told)
    state = moderation.state_of(comments["removed"])
    actions.decide_case(moderator, comments["removed"].pk, actions.Deed("remove", ground), state=state)
    actions.appeal(author, Decision.objects.get(kind="remove").pk, f"I meant {APPEAL}.")
    discussion.hold_comment(moderator, thread.pk, comments["held"].number, ground)
    without = comments["taken"].source.replace(TAKEN, CUT)
    discussion.edit_out(moderator, thread.pk, comments["taken"].number, without, ground)
    discussion.delete_comment(author, thread.pk, comments["deleted"].number)
    discussion.edit_comment(author, thread.pk, comments["former"].number, "It takes twelve minutes.")
    folded = comments["folded"]
    actions.decide_many(moderator, {folded.pk: moderation.state_of(folded)}, actions.Deed("fold", ground))
    actions.claim_case(moderator, f"comment:{comments['shown'].pk}")


def voted(comment, author):
    """A ring of votes out of the network from which the author and a second account of theirs have written."""
    second = make_member(SECOND)
    for member in (author, second):
        accounts.trace(member, f"{NETWORK}.77")
    for number in range(12):
        voter = make_member(f"{VOTER} {number}", days=4)
        accounts.trace(voter, "198.51.100.9")
        discussion.cast_vote(voter, comment.thread_id, comment.number, 1)
    actions.look_for_rings()


def embargoed(story):
    """A story that is to be published tomorrow, and a new version of one that is out, which nobody may read yet."""
    draft = StoryPage(
        title=EMBARGOED, slug="embargoed", body=[paragraph(EMBARGOED)], live=False, standfirst="Tomorrow."
    )
    draft.go_live_at = timezone.now() + timedelta(days=1)
    story.get_parent().add_child(instance=draft)
    draft.save_revision().publish()
    shown = StoryPage.objects.get(pk=story.pk)
    shown.standfirst = f"Not yet: {EMBARGOED}."
    shown.save_revision()


# --- Where it could be ------------------------------------------------------------------------------------------------

OTHERS = ("wagtail", "allauth", "django")  # whose pages go by one name each
PART = re.compile(r"<(?:\w+:)?(\w+)>")  # of an address, with its name
# What a form that is sent to each route of ours says; what it does is taken back.
FORM = {
    "deed": "remove", "rule": "1", "facts": "Why.", "body": "Said again.", "key": "k", "value": "1", "words": "More.",
    "reason": "evasion", "outcome": "upheld", "answer": "An answer.", "text": "pier", "kind": "word", "url": "/",
}  # fmt: skip
FORMS = {
    "moderation_screening": {"deed": "try", "outcome": "hold"},
    "moderation_thread": {
        "deed": "remove_new",
        "made_since": "2020-01-01T00:00",
        "written_since": "2020-01-01T00:00",
    },
}


def parts_of(scene):
    """What stands for each part of an address; a route of ours with a part that is not here fails."""
    thread, author = scene["thread"], scene["people"]["author"]
    comments = [comment for name, comment in scene["comments"].items() if name not in ("former", "folded")]
    return {
        "thread_id": [thread.pk],
        "number": [comment.number for comment in comments],
        "comment_id": [comment.pk for comment in comments],
        "decision_id": list(Decision.objects.values_list("pk", flat=True)),
        "member_id": [author.pk],
        "slug": [author.slug],
        "name": [*moderation.QUEUES, *moderation.OTHERS],
        "appeal_id": list(Appeal.objects.values_list("pk", flat=True)),
        "notice_id": list(Notice.objects.values_list("pk", flat=True)),
        "batch_id": list(Batch.objects.values_list("pk", flat=True)),
        "ring_id": list(Ring.objects.values_list("pk", flat=True)),
        "poll_id": [scene["poll"].pk],
        "job_id": list(Job.objects.values_list("pk", flat=True)[:1]),
        "version": [1],
        "story_id": [scene["story"].pk],
        "report_id": list(ErrorReport.objects.values_list("pk", flat=True)),
        "feed_id": list(Feed.objects.values_list("pk", flat=True)),
        "item_id": list(WireItem.objects.values_list("pk", flat=True)),
        "voice_id": list(Voice.objects.values_list("pk", flat=True)),
        "version_id": list(WireVersion.objects.values_list("pk", flat=True)),
        "kind": ["rss", "atom", "json"],
        "path": ["original_images/none.jpg"],
        "year": [timezone.now().year],
        "month": [f"{timezone.now().month:02}"],
        "part": [1],
        "syndication:section slug": ["city"],
        "syndication:author name": ["Kaoru%20Minami"],
        "syndication:tag name": ["bridge"],
        "token": [unsubscribe_token(author.pk, Topic.ANSWERS)],
        "moderation:receipt key": list(Notice.objects.values_list("key", flat=True)),
        "accounts:open_notification key": [author.notifications.latest("pk").pk],
    }


def queries_of(scene):
    """What addresses are asked with."""
    hidden = [scene["comments"][name].number for name in ("removed", "held", "taken", "deleted", "quoting", "waiting")]
    return {
        "discussion:thread": [
            "page=all",
            *(f"order={each}" for each in ORDERS),
            *(f"part={each}" for each in PARTS),
        ],
        "discussion:mine": ["whole=1"],
        "discussion:write": ["to=1", *(f"quote={number}" for number in hidden)],
        "discussion:about_me": [f"part={each}" for each in reads.CONCERNS],
        "search:search": ["q=tomorrow", "q=copper+barrels"],
    }


def plain(path):
    """A path without the signs of a regular expression."""
    path = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", path)
    return path.translate(str.maketrans("", "", "^$")).replace(r"\Z", "").replace(r"\.", ".")


def asked(scene):
    """Every route with each of its addresses: a name, and what is asked for. Of others' those without parts."""
    parts, queries = parts_of(scene), queries_of(scene)
    for name, path, view in routes():
        room = view.__module__.partition(".")[0]
        if room != "kawaraban":
            with suppress(NoReverseMatch):
                yield room, reverse(name)
            continue
        path = plain(path)
        chosen = [parts.get(f"{name} {each}", parts.get(each)) for each in PART.findall(path)]
        assert None not in chosen, f"{name}: say in parts_of what stands for each part of its address."
        for each in product(*chosen):
            values = iter(each)
            address = "/" + PART.sub(lambda _, values=values: str(next(values)), path)
            yield name, address
            yield from ((name, f"{address}?{query}") for query in queries.get(name, ()))
    for page in Page.objects.filter(depth__gt=1):
        yield "page", page.specific.url
        yield "wagtail", reverse("wagtailadmin_explore", args=[page.pk])


def shown(scene):
    """Who is shown what where, of every route and of every form that can be sent: who, place, text."""
    every = sorted(set(asked(scene)))
    sent = {**FORM, "case": [f"{each.pk}:{moderation.state_of(each)}" for each in scene["comments"].values()]}
    for who in VIEWERS:
        browser = Client(raise_request_exception=False)
        if who != "stranger":
            browser.force_login(scene["people"][who])
        cookies, posted = dict(browser.cookies), set()
        for place, address in every:
            # Wagtail opens for no reader (test_roles.py), and administrators see every account and story there.
            if place == "wagtail" and who != "moderator":
                continue
            ways = ["GET"]
            # What a form is answered with is the same about every comment; what restores one shows it to everybody.
            if place not in OTHERS and place not in posted and place != "discussion:restore":
                posted.add(place)
                ways.append("POST")
            for way in ways:
                form = {**sent, **FORMS.get(place, {})} if way == "POST" else None
                headers = {"X-Fragment": "1"} if way == "POST" else {}
                with transaction.atomic():
                    browser.cookies.clear()
                    browser.cookies.update(cookies)
                    answer = getattr(browser, way.lower())(address, form, headers=headers)
                    transaction.set_rollback(True)
                vocabulary.forget()
                assert answer.status_code < 500 or place in OTHERS, (who, way, address)
                yield who, place, f"{answer.getvalue().decode(errors='replace')} {answer.headers} {answer.cookies}"
        cache.clear()


def written(scene, capsys, folder):
    """What is written beside pages: what it is, where to, and the text."""
    for message in mail.outbox:
        who = "notifier" if message.to[0].startswith(NOTIFIER) else "member"
        yield who, "mail", f"{message.subject} {message.body} {message.extra_headers}"
    thread = Thread.objects.get(pk=scene["thread"].pk)
    stream, number = subjects.find(f"/t/{thread.pk}/live/")
    yield "everybody", "events", str([event for _, _, event in scene["heard"]])
    yield "everybody", "events missed", str(list(stream.missed(number, 0, "")))
    today = timezone.localdate().isoformat()
    period = ["--from", today, "--to", today, "--output", str(folder / "report")]
    for words in (["export", "story", thread.url], ["dsa-report", *period], ["verify-record"]):
        assert cli.main([*words, "--debug"]) == 0
        yield "everybody", words[0], capsys.readouterr().out
    for file in (folder / "report").iterdir():
        yield "everybody", file.name, file.read_text(encoding="utf-8")
    for table in (Entry, Notification, Job):
        yield "everybody", table.__name__, str(list(table.objects.values()))


def test_each_secret_is_seen_by_whom_it_is_granted_and_by_nobody_else_anywhere(scene, capsys, tmp_path):
    """S-034, S-035, S-038, S-039."""
    people, names = scene["people"], {line.split()[0] for line in GRANTED.strip().splitlines()}
    secrets = {name: name for name in (*names, DELETED, FORMER, NETWORK) if name != "key"}
    secrets["key"] = Notice.objects.latest("pk").key.casefold()
    secrets["password"] = people["author"].password.casefold()
    secrets["pseudonym"] = Trace.objects.filter(member=people["author"]).get().network.casefold()
    secrets["network key"] = bytes(NetworkKey.objects.get().key).hex()
    found = set()
    for who, place, text in chain(shown(scene), written(scene, capsys, tmp_path)):
        text = text.casefold()
        if who in people:  # nobody is a secret to themselves
            for own in (people[who].email, people[who].handle, people[who].slug):
                text = text.replace(own.casefold(), "")
        found |= {(name, who, place) for name, secret in secrets.items() if secret in text}
    wanted = granted()
    wrong = [*(f"not granted: {each}" for each in found - wanted), *(f"not there: {each}" for each in wanted - found)]
    assert not wrong, "\n" + "\n".join(sorted(wrong))
