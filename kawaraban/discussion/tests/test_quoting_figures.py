"""How well quotations are found in threads that a person has read: the figures of docs/reference/quoting.md."""

import re
import tomllib
from pathlib import Path

from kawaraban.discussion.quoting import StoryPassage, Words
from kawaraban.discussion.tests.labelled import FOLDER, HELD_OUT, TUNED, Score, read_all, score

DEMO = Path(__file__).parents[2] / "importers" / "demo" / "stories"  # read as data: importers stand above this room


def test_threads_the_rules_were_made_with() -> None:
    threads = read_all(TUNED)
    assert len(threads) == 8
    assert sum(len(said.quotations) for thread in threads for said in thread.comments) == 100
    total = score(threads)
    assert total.mistakes == []


def test_threads_the_rules_were_not_made_with() -> None:
    threads = read_all(HELD_OUT)
    assert sum(len(said.quotations) for thread in threads for said in thread.comments) == 47
    total = score(threads)
    assert total.precision >= 0.97, total.mistakes
    assert total.recall >= 0.95, total.mistakes


def test_quotations_are_found_as_they_are_marked() -> None:
    wrong = []
    for thread in read_all(TUNED):
        words = thread.words()
        for said in thread.comments:
            found = [(each.start, each.end, each.source, each.is_exact) for each in words.find(said.text, said.number)]
            wanted = [
                (each.start, each.end, each.source, each.is_exact and each.source is not None)
                for each in said.quotations
            ]
            if found != wanted:
                wrong.append(f"{thread.name} #{said.number}")
    assert wrong == []


def test_the_threads_of_the_demo() -> None:
    total = Score()
    labelled = _demo_pairs()
    for path in sorted(DEMO.glob("*.toml")):
        story = tomllib.loads(path.read_text(encoding="utf-8"))
        slug, pairs = story["slug"], labelled.get(story["slug"], {})
        words = _demo_words(story)
        for number, entry in enumerate(story.get("comments_list", ()), start=1):
            found = {each.source for each in words.find(entry["text"].strip(), number)} - {None}
            total.count(f"{slug} #{number}", found, pairs.get(number, set()))
    assert total.right + total.missed == 342
    assert total.precision >= 0.99, total.mistakes
    assert total.recall >= 0.96, total.mistakes


def _demo_pairs() -> dict[str, dict[int, set[object]]]:
    pairs: dict[str, dict[int, set[object]]] = {}
    slug = ""
    for line in (FOLDER / "demo.txt").read_text(encoding="utf-8").splitlines():
        if found := re.fullmatch(r"(\d+): (.*)", line):
            pairs[slug][int(found[1])] = {
                StoryPassage(1, int(name[1:])) if name[0] == "p" else int(name) for name in found[2].split()
            }
        elif not line.startswith("#"):
            slug = line
            pairs[slug] = {}
    return pairs


def _demo_words(story: dict) -> Words:
    words = Words()
    words.add_passage(1, 0, f"{story['headline']}\n\n{story['standfirst']}")
    texts = [block.get("paragraph") or block.get("quote") or block.get("heading") for block in story["body"]]
    texts = [text or "\n".join(block.get("list", ())) for text, block in zip(texts, story["body"], strict=True)]
    for position, text in enumerate(filter(None, texts), start=1):
        words.add_passage(1, position, text)
    for number, entry in enumerate(story.get("comments_list", ()), start=1):
        words.add_comment(number, entry["author"], entry["text"].strip())
    return words
