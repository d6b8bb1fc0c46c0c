"""What happens in `make bench-moderation`: days of a discussion, an evening with a raid, and what the desk does."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Sequence

from bench import crowd
from bench.browser import Answer
from bench.crowd import Draft, Person, Vote
from bench.figures import Apart, apart, found
from bench.phrases import LISTED, Speech
from bench.stage import FalseReport, Posted, Stage, arrive, pass_time, wait_for_job
from kawaraban.accounts.models import User
from kawaraban.decisions.models import Decision
from kawaraban.discussion.models import Comment
from kawaraban.discussion.models import Vote as CastVote
from kawaraban.discussion.tasks import count_waiting_votes
from kawaraban.jobs.models import Job
from kawaraban.moderation import reads
from kawaraban.moderation.models import Report, Ring
from kawaraban.moderation.tasks import look_for_rings
from kawaraban.screening.models import ScoreModel
from kawaraban.screening.reads import metrics

Test = Callable[[Posted], bool]
MODERATOR, EDITOR = "Moderator 1", "Editor 1"
QUEUES = ("reported", "rule", "score")
FALSE_REPORTS, WARNINGS = "approve (false reports)", "warn of reports"
DESK = "/desk/moderation/"
RIGHT = 0.9
"""Of what the score holds, the part that is to be right, when the editor chooses a line of the curve."""
GANG = 6
"""False reporters who act together, in turn."""
REPORTED_FALSELY = 3
"""Comments that they pick in a round."""
EVENING_COMMENTS, ELSEWHERE = 40, 60


# --- Days -------------------------------------------------------------------------------------------------------------


def day(played: Stage, speech: Speech, *, phase: int, gang_reports: bool) -> None:
    """A round: people write, readers report, the moderator works off the queues; then half a day passes."""
    fresh = [
        posted
        for draft in crowd.drafts(played.chance, played.crowd, speech)
        if (posted := post(played, draft, phase, played.chance.choice(played.threads)))
    ]
    look_up(fresh)
    for posted in fresh:
        if not posted.held_by:
            for reporter in crowd.reporters(played.chance, played.crowd, posted.author, posted.text):
                played.reports[phase] += report(played, reporter, posted)
    if gang_reports:
        _report_falsely(played, fresh, phase)
    work(played, phase)
    warn(played, phase)
    pass_time(hours=12)


def post(played: Stage, draft: Draft, phase: int, thread: int) -> Posted | None:
    """The comment, after its writer has thought again where they were asked to; None if the site refused it."""
    visitor, path = played.browser(draft.author.name), f"/t/{thread}/comments/"
    form = {"key": played.key(), "to": "", "body": draft.text.body}
    answer, text, flag = visitor.post(path, form, part=True), draft.text, ""
    if answer.status == 409 and 'name="as_it_is"' in answer.text:
        flag = "score" if "resembles comments" in answer.text else "rule"
        text = draft.second or draft.text
        answer = visitor.post(path, {**form, "body": text.body, "as_it_is": "1"}, part=True)
    number = re.search(r'id="comment-(\d+)"', answer.text)
    if answer.status != 201 or number is None:
        played.refused[phase][_refusal(answer)] += 1
        return None
    posted = Posted(draft.author, draft.text, text, phase, (thread, int(number[1])), flag)
    played.keep(posted)
    return posted


def _refusal(answer: Answer) -> str:
    said = re.search(r'class="error"[^>]*>([^<]*)', answer.text)
    return html.unescape(said[1])[:40] if said else f"status {answer.status}"


def look_up(fresh: Sequence[Posted]) -> None:
    """Find out which of these wait for a moderator, and what lets them."""
    there = Comment.objects.filter(thread__in={each.place[0] for each in fresh})
    rows = there.values_list("thread", "number", "pk", "state", "decision__origin")
    known = {(thread, number): (key, state, origin) for thread, number, key, state, origin in rows}
    for posted in fresh:
        posted.key, state, origin = known[posted.place]
        if state == Comment.State.HELD:
            posted.held_by = "score" if origin == Decision.Origin.SCORE else "rule"


def report(played: Stage, reporter: Person, posted: Posted) -> bool:
    """Whether a report was taken; a comment that waits meanwhile takes none."""
    form = {"rule": posted.text.rule or 1, "words": ""}
    return played.browser(reporter.name).post(f"{posted.path}report/", form).status == 302


def _report_falsely(played: Stage, fresh: Sequence[Posted], phase: int) -> None:
    """Some who do not like an author report what is in order; then it is counted what that holds by itself."""
    victims = played.crowd.victims
    liked = [each for each in fresh if each.author in victims and not each.held_by and not each.text.is_bad]
    gang = played.crowd.of("false")
    played.chance.shuffle(gang)
    for reporter in gang[:GANG]:
        for posted in liked[:REPORTED_FALSELY]:
            if report(played, reporter, posted):
                played.picked_on.add(posted.key)
                weight = Report.objects.get(reporter=reporter.key, comment=posted.key).weight
                played.false_reports.append(FalseReport(reporter.name, phase, weight))
    waiting = Comment.objects.filter(pk__in=[each.key for each in liked], state=Comment.State.HELD)
    played.mistaken_holds[phase] += waiting.filter(decision__origin=Decision.Origin.REPORT).count()


# --- The moderator ----------------------------------------------------------------------------------------------------


def work(played: Stage, phase: int) -> None:
    """Open the first case of each queue and decide it by what is true, until nothing waits."""
    moderator = played.browser(MODERATOR)
    for queue in QUEUES:
        page = moderator.get(f"{DESK}queue/{queue}/")
        first = re.search(rf'href="({DESK}case/comment:\d+/\?queue=\w+)"', page.text)
        case = first[1] if first else ""
        while case:
            case = _decide(played, case, queue, phase)


def _decide(played: Stage, case: str, queue: str, phase: int) -> str:
    """Decide one case; the address of the next one, "" if there is none."""
    moderator = played.browser(MODERATOR)
    page = moderator.get(case).text
    place = re.search(r'href="/t/(\d+)/(\d+)/">in the discussion', page)
    state = re.search(r'name="state" value="([^"]*)"', page)
    if place is None or state is None:
        raise RuntimeError(f"{case} is no case.")
    posted = played.by_place[int(place[1]), int(place[2])]
    form = {"state": html.unescape(state[1]), "facts": ""}
    deed = "remove" if posted.text.is_bad else "approve"
    answer = moderator.post(case, {**form, "deed": deed, "rule": posted.text.rule or ""})
    if answer.status != 302:
        raise RuntimeError(f"{case} was not decided: {answer.status}.")
    is_false = deed == "approve" and posted.key in played.picked_on
    played.deeds[phase, FALSE_REPORTS if is_false else f"{deed} ({queue})"] += 1
    if deed == "remove":
        played.removed.add(posted.key)
    return answer.location if "/case/" in answer.location else ""


def warn(played: Stage, phase: int) -> None:
    """Warn those who report again and again what breaks no rule, as the desk's own list names them."""
    moderator = played.browser(MODERATOR)
    page = moderator.get(f"{DESK}members/").text
    keys = {person.key: person for person in played.crowd.people}
    for key in re.findall(r'name="member" value="(\d+)"><input type="hidden" name="for" value="reports"', page):
        person = keys[int(key)]
        facts = "Most of what you have reported breaks no rule."
        moderator.post(f"{DESK}members/", {"member": key, "for": "reports", "facts": facts})
        played.deeds[phase, WARNINGS] += 1
        if person.kind == "false":
            played.warned.setdefault(person.name, sum(each.reporter == person.name for each in played.false_reports))
        else:
            played.warned_wrongly += 1


def weights(played: Stage) -> list[int]:
    """What a report of each false reporter would weigh now."""
    members = User.objects.filter(pk__in=[each.key for each in played.crowd.of("false")])
    return [reads.weight_of(member) for member in members]


# --- The editor -------------------------------------------------------------------------------------------------------


def list_words(played: Stage) -> None:
    """List the words of abuse that come to mind, to be held."""
    for word in LISTED:
        form = {"deed": "save", "text": word, "kind": "word", "outcome": "hold", "language": "", "rule": 1, "note": ""}
        if played.browser(EDITOR).post(f"{DESK}screening/", form).status != 302:
            raise RuntimeError("A word was not listed.")


def has_removed_enough() -> bool:
    """Whether there are so many removals that a score can be learned."""
    standing = reads.standing()
    return standing.removed >= standing.removed_needed


def learn(played: Stage) -> None:
    """Have a score learned once the last comments have stood for a day, and choose a line of its curve at the desk."""
    pass_time(days=1)
    editor = played.browser(EDITOR)
    standing = reads.standing()
    print(f"\nLearning: {standing.removed:,} removals, {standing.stayed:,} comments that stayed")
    if editor.post(f"{DESK}score/", {"deed": "learn"}).status != 302:
        raise RuntimeError("There are too few decisions to learn from.")
    job = Job.objects.filter(task=reads.LEARN).latest("pk")
    wait_for_job(job.pk)
    model = ScoreModel.objects.latest("pk")
    measured = metrics(model)
    good = [point for point in measured.curve if point.held and point.right >= RIGHT]
    chosen = max(good, key=lambda point: point.share) if good else max(measured.curve, key=lambda point: point.right)
    print(f"  area {measured.area:.3f}; the line that is chosen: {chosen.sentence}", flush=True)
    form = {"deed": "on", "score": model.pk, "share": f"{chosen.share:g}"}
    if editor.post(f"{DESK}score/", form).status != 302:
        raise RuntimeError("The score was not switched on.")


# --- The raid ---------------------------------------------------------------------------------------------------------


def raid(played: Stage, speech: Speech) -> None:
    """An evening: many vote, newcomers come by a link, a raid votes four comments down. Then print the figures."""
    arrive(played.crowd.of("raider", "newcomer"))
    comments = _evening(played, speech)
    authors: dict[str, int] = {}
    for place, comment in enumerate(comments[:EVENING_COMMENTS]):
        authors.setdefault(comment.author.name, place)
    targets = list(authors.values())[2 : 2 + crowd.RAIDED]
    liked = [played.chance.uniform(0.6, 1.1) for _ in comments]
    voters = [*played.crowd.of("quiet"), *played.crowd.of("regular")[:100]]
    votes = crowd.honest_votes(played.chance, voters, liked)
    played.chance.shuffle(votes)
    third = len(votes) // 3
    raided = crowd.raid_votes(played.chance, played.crowd.of("raider"), targets, len(comments))
    newcomers = crowd.honest_votes(played.chance, played.crowd.of("newcomer"), liked[:EVENING_COMMENTS])
    at_once = [*votes[third : 2 * third], *raided, *newcomers]
    played.chance.shuffle(at_once)
    refused = 0
    for part in (votes[:third], at_once, votes[2 * third :]):
        refused += sum(not _vote(played, vote, comments) for vote in part)
        pass_time(minutes=90)
    wait_for_job(int(count_waiting_votes.enqueue().id))
    print(f"\nThe raid: {len(votes) + len(newcomers):,} honest votes, {len(raided):,} of the raid; {refused} refused")
    _measure_votes(played, comments, targets)


def _evening(played: Stage, speech: Speech) -> list[Posted]:
    """The comments of the evening's story, and the newest elsewhere that everybody can read."""
    before = [each for each in played.posted if not each.held_by and not each.text.is_bad][-ELSEWHERE:]
    said: list[Posted] = []
    regulars = played.crowd.of("regular")
    while len(said) < EVENING_COMMENTS:
        draft = Draft(played.chance.choice(regulars), speech.text("talk"), None)
        if posted := post(played, draft, 0, played.raided):
            said.append(posted)
    look_up(said)
    return [*said, *before]


def _vote(played: Stage, vote: Vote, comments: Sequence[Posted]) -> bool:
    """Whether a vote was taken; nobody votes on what they wrote themselves."""
    posted = comments[vote.place]
    if posted.author is vote.voter:
        return True
    form = {"value": vote.value}
    return played.browser(vote.voter.name).post(f"{posted.path}vote/", form, part=True).status == 200


def _measure_votes(played: Stage, comments: Sequence[Posted], targets: Sequence[int]) -> None:
    """Print what counted before and after rings were looked for, beside what honest votes alone would give."""
    raiders = {each.key for each in played.crowd.of("raider")}
    struck = {comments[place].key for place in targets}
    keys = [each.key for each in comments]
    rows = list(CastVote.objects.filter(comment__in=keys).values_list("pk", "voter", "comment", "value"))
    wanted = {key for key, voter, comment, _ in rows if voter in raiders and comment in struck}
    disguise = {key for key, voter, comment, _ in rows if voter in raiders and comment not in struck}
    honest = _sums(row for row in rows if row[1] not in raiders)
    scores = {"if every vote counted": _sums(rows), "as readers saw it before": _shown(keys)}
    new = _aside("new")
    wait_for_job(int(look_for_rings.enqueue().id))
    scores["as readers saw it after"] = _shown(keys)
    rings = _aside("ring")
    print(f"  of too new accounts, which wait: {len(new):,}, of these {len(new & wanted):,} of the raid")
    print(f"  {'set aside as a ring':<38} {found(rings - disguise, wanted).words}")
    for name, score in scores.items():
        print(f"  {name:<38} {_apart(score, honest, struck)}")
    _settle_rings(played, wanted | disguise)
    print(f"  {'as readers saw it, once decided':<38} {_apart(_shown(keys), honest, struck)}", flush=True)


def _apart(scores: dict[int, int], honest: dict[int, int], struck: set[int]) -> str:
    there: Apart = apart(scores, {key: honest.get(key, 0) for key in struck})
    others: Apart = apart(scores, {key: score for key, score in honest.items() if key not in struck})
    return f"raided comments: {there.words}; others: {others.words}"


def _sums(rows: object) -> dict[int, int]:
    sums: Counter[int] = Counter()
    for _, _, comment, value in rows:  # type: ignore[attr-defined]  # rows of a query
        sums[comment] += value
    return dict(sums)


def _shown(keys: Sequence[int]) -> dict[int, int]:
    return {key: up - down for key, up, down in Comment.objects.filter(pk__in=keys).values_list("pk", "up", "down")}


def _aside(reason: str) -> set[int]:
    return set(CastVote.objects.filter(set_aside=reason).values_list("pk", flat=True))


def _settle_rings(played: Stage, true: set[int]) -> None:
    moderator = played.browser(MODERATOR)
    page = moderator.get(f"{DESK}queue/rings/").text
    for address in re.findall(rf'action="({DESK}case/ring:\d+/)"', page):
        ring = Ring.objects.get(pk=int(address.rpartition(":")[2].rstrip("/")))
        is_one = len(true & set(ring.votes)) > len(ring.votes) / 2
        moderator.post(address, {"deed": "uphold" if is_one else "dismiss"})
        print(f"  a case of {len(ring.votes):,} votes was {'upheld' if is_one else 'dismissed'}")
