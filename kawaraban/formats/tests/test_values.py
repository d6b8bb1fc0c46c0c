"""Single values as the formats write them."""

from datetime import UTC, datetime

import pytest

from kawaraban.formats import values
from kawaraban.formats.items import Author, PubStatus, Signal, Subject

NOON = datetime(2024, 5, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2024-05-30T12:00:00Z",
        "2024-05-30T14:00:00+02:00",
        "2024-05-30T14:00:00.000+0200",
        " 2024-05-30 12:00:00Z ",
        "20240530T120000Z",
        "20240530T140000+0200",
        "Thu, 30 May 2024 12:00:00 GMT",
        "Thu, 30 May 2024 08:00:00 EDT",
        "30 May 2024 12:00 +0000",
    ],
)
def test_a_moment_is_read_as_it_is_written_anywhere(written):
    warnings = []
    assert values.moment(written, "the version", warnings) == NOON
    assert warnings == []


@pytest.mark.parametrize("written", ["2024-05-30T12:00:00", "20240530T120000", "Thu, 30 May 2024 12:00:00"])
def test_a_moment_without_a_zone_is_taken_as_utc_with_a_warning(written):
    warnings = []
    assert values.moment(written, "the version", warnings) == NOON
    assert warnings == [f"The time of the version, “{written}”, has no zone and was taken as UTC."]


@pytest.mark.parametrize(
    "written", ["soon", "2024-13-45", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1" * 5000, "24"]
)
def test_what_is_no_moment_is_left_out_with_a_warning(written):
    warnings = []
    assert values.moment(written, "the version", warnings) is None
    assert len(warnings) == 1
    assert values.moment("", "the version", warnings) is None
    assert len(warnings) == 1


@pytest.mark.parametrize(
    ("written", "version"),
    [
        (None, 1),
        ("", 1),
        ("7", 7),
        (7, 7),
        (7.0, 7),
        ("0", 0),
        ("1.2", 1),
        ("9" * 30, values.MAX_VERSION),
        (True, 1),
        ([], 1),
    ],
)
def test_a_version_is_a_number_or_one(written, version):
    assert values.version(written, []) == version


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("", PubStatus.USABLE),
        ("stat:usable", PubStatus.USABLE),
        ("http://cv.iptc.org/newscodes/pubstatusg2/canceled", PubStatus.CANCELED),
        ("Cancelled", PubStatus.CANCELED),
        ("kill", PubStatus.CANCELED),
        ("stat:withheld", PubStatus.WITHHELD),
        ("embargoed", PubStatus.WITHHELD),
        ("stat:perhaps", PubStatus.WITHHELD),
    ],
)
def test_what_is_not_clearly_usable_is_not_used(written, status):
    assert values.pubstatus(written, []) == status


@pytest.mark.parametrize(
    ("written", "signal"),
    [
        ("sig:update", Signal.UPDATE),
        ("http://cv.iptc.org/newscodes/signal/correction", Signal.CORRECTION),
        ("Advisory", Signal.ADVISORY),
        ("sig:atomic", Signal.NONE),
        ("", Signal.NONE),
    ],
)
def test_a_signal_is_known_by_code_and_by_address(written, signal):
    assert values.signal(written) == signal


@pytest.mark.parametrize(
    ("said", "subject"),
    [
        (("politics", "medtop:11000000"), Subject("politics", "medtop:11000000")),
        (("", "http://cv.iptc.org/newscodes/mediatopic/20000337"), Subject("", "medtop:20000337")),
        (("x", "20000337", "http://cv.iptc.org/newscodes/mediatopic/"), Subject("x", "medtop:20000337")),
        (("accident", "subj:03015001"), Subject("accident", "medtop:03000000")),
        (("old", "subj:99000000"), Subject("old")),
        (("labour market", "20000523"), Subject("labour market", "medtop:20000523")),
        (("accident", "03015001", None), Subject("accident", "medtop:03000000")),
        (("Bridges", "wiretopic:20000337"), Subject("Bridges")),
        (("", "wiretopic:bridges"), Subject("bridges")),
        (("", "stt-topics:437036"), None),
        (("", ""), None),
    ],
)
def test_a_media_topic_keeps_its_code_and_others_their_name(said, subject):
    assert values.subject(*said) == subject


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("By Steve Holland, Humeyra Pamuk and Phil Stewart", ["Steve Holland", "Humeyra Pamuk", "Phil Stewart"]),
        ("BY ANN LEE, and BO EK", ["ANN LEE", "BO EK"]),
        ("Von Anna Meier und Jan Ek, dpa", ["Anna Meier", "Jan Ek", "dpa"]),
        ("Karl Melander/TT", ["Karl Melander/TT"]),
        ("山田太郎、ジョン・スミス", ["山田太郎", "ジョン・スミス"]),
        ("", []),
    ],
)
def test_a_byline_is_parted_into_its_authors(byline, authors):
    assert [author.name for author in values.bylines(byline)] == authors


def test_who_is_no_person_is_known():
    found = values.bylines("Ann Lee, AP, Example Wire and City staff", ("Example Wire",))
    assert found == (
        Author("Ann Lee"),
        Author("AP", "agency"),
        Author("Example Wire", "agency"),
        Author("City staff", "staff"),
    )


@pytest.mark.parametrize("written", ["BERLIN (dpa) - ", "BERLIN —", "BERLIN", " BERLIN (AP)"])
def test_a_dateline_is_its_place(written):
    assert values.dateline(written) == "BERLIN"


@pytest.mark.parametrize(
    ("caption", "archived"),
    [
        ("FILE PHOTO: The bridge", True),
        ("FILE - In this Monday file photo", True),
        ("File photo of a bridge", True),
        ("(FILE PHOTO) The bridge", True),
        ("Archivbild: Die Brücke", True),
        ("資料写真 橋", True),
        ("A file photo studio", False),
        ("Files are burning", False),
    ],
)
def test_a_picture_from_the_archive_is_known_by_its_caption(caption, archived):
    assert values.is_file_photo(caption) is archived


@pytest.mark.parametrize("name", ["tag:a.example,2024:1", "urn:newsml:a:1", "a b", "瓦版", "urn:x-guid:a", "%41", ""])
def test_any_name_can_be_written_as_a_uri_and_read_again(name):
    assert values.from_uri(values.as_uri(name)) == name


@pytest.mark.parametrize("tag", ["en", "en-GB", "zh-Hant-TW", "en_GB"])
def test_a_language_is_a_tag(tag):
    assert values.language(tag) == tag.replace("_", "-")
    assert values.language(tag + " x") == values.language("<b>") == ""
