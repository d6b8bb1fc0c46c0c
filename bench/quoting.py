"""`make bench`: what finding the quotations of a new comment costs in a thread of 10,000.

Process time counts this process alone, so another job on the machine disturbs it little. The thread is made by chance,
the same on every run: sentences of a vocabulary whose words are as unequally common as in English, three comments in
four quoting one or two earlier ones in one of the forms that are recognised.
"""

from __future__ import annotations

import platform
import random
import sys
import time
import tracemalloc

from kawaraban.discussion.quoting import Words

COMMENTS = 10_000
PASSAGES = 30
LIMIT_FIND_MS = 20
LIMIT_ALL_S = 60
VOCABULARY = 8_000
READERS = 700


def main() -> int:
    """Print what the thread, one comment and hostile ones cost; 1 if a limit is passed."""
    comments = thread(COMMENTS)
    print(f"Python {platform.python_version()}, {platform.machine()}, {COMMENTS:,} comments, {PASSAGES} passages")
    tracemalloc.start()
    words = _words()
    for number, (author, text) in enumerate(comments, start=1):
        words.add_comment(number, author, text)
    memory = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    words = _words()
    times: list[float] = []
    pairs = 0
    began = time.process_time()
    for number, (author, text) in enumerate(comments, start=1):
        words.add_comment(number, author, text)
        start = time.process_time()
        pairs += len(words.find(text, number))
        times.append((time.process_time() - start) * 1000)
    total = time.process_time() - began
    last = sorted(times[-1000:])
    print(f"{'all of it, add and find':<44} {total:>8.2f} s   {pairs:,} quotations, {memory:.0f} MB")
    print(f"{'find among the last 1,000: median':<44} {last[500]:>8.2f} ms")
    print(f"{'the same: 99 of 100 below':<44} {last[990]:>8.2f} ms")
    print(f"{'the same: longest':<44} {last[-1]:>8.2f} ms")
    longest = last[-1]
    for name, text in _hostile(comments):
        start = time.process_time()
        words.find(text)
        spent = (time.process_time() - start) * 1000
        print(f"{name:<44} {spent:>8.2f} ms")
    return 0 if longest < LIMIT_FIND_MS and total < LIMIT_ALL_S else 1


def _words() -> Words:
    words = Words()
    chance = random.Random("story")  # noqa: S311 - the same on every run, nothing secret
    for position in range(PASSAGES):
        words.add_passage(1, position, _paragraph(chance, 3))
    return words


def thread(size: int) -> list[tuple[str, str]]:
    """Author and text of so many comments, the same on every run; three in four quote."""
    chance = random.Random("thread")  # noqa: S311 - the same on every run, nothing secret
    comments: list[tuple[str, str]] = []
    for number in range(size):
        pieces = [_paragraph(chance, chance.randint(1, 4))]
        if number and chance.random() < 0.75:
            for _ in range(chance.randint(1, 2)):
                # People answer what was said lately, and what everybody answers.
                at = max(0, number - 1 - int(chance.expovariate(0.02))) if chance.random() < 0.8 else number // 50
                pieces[-1:-1] = [_quoted(chance, *comments[at]), _paragraph(chance, 1)]
        comments.append((f"Reader {chance.randrange(READERS)}", "\n\n".join(pieces)))
    return comments


def _quoted(chance: random.Random, author: str, text: str) -> str:
    line = chance.choice(text.split("\n\n"))
    form = chance.randrange(4)
    if form == 0:
        return "\n".join(f"> {each}" for each in line.split("\n"))
    if form == 1:
        return f"{author}\n\n{line}"
    if form == 2:
        return f"\u201c{line}\u201d"
    return line


def _paragraph(chance: random.Random, sentences: int) -> str:
    return " ".join(_sentence(chance) for _ in range(sentences))


def _sentence(chance: random.Random) -> str:
    # Zipf: the nth word is n times rarer than the first.
    words = [f"w{int(VOCABULARY ** chance.random()):x}" for _ in range(chance.randint(4, 22))]
    return " ".join(words).capitalize() + "."


def _hostile(comments: list[tuple[str, str]]) -> list[tuple[str, str]]:
    common = "w1 w2 w3 w1 w2 w4 w1 w3 "
    return [
        ("5,000 characters of the commonest words", common * 210),
        ("1,000 quotations of one letter", "> w\n" * 1_000),
        ("200 quotations of common words", f"> {common}\n" * 190),
        ("200 paragraphs of common words", f"{common}\n\n" * 190),
        ("1,000 quotation marks", '"w1 w2" ' * 600),
        ("2,500 marks that nothing closes", '"a ' * 1_700),
        ("a line of dots between words", "w1 w2 ... w3 w1 ... " * 250),
        ("250 headings", "Reader 1\nw1 w2 w3 w1\n" * 230),
        ("eight deep", (">" * 8 + " w1 w2 w3\n") * 280),
        ("the 40 longest lines of others", "\n".join(text.split("\n")[0] for _, text in comments[-40:])[:5_000]),
    ]


if __name__ == "__main__":
    sys.exit(main())
