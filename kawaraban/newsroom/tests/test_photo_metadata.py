"""What a picture says of itself stands at the desk when it is uploaded, and what an editor wrote stays."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kawaraban.newsroom import actions
from kawaraban.newsroom.metadata import Metadata, moment, read
from kawaraban.newsroom.models import Photo
from kawaraban.newsroom.tests import picture_files as files

AGENCY_XMP = files.xmp(
    files.plain("photoshop:Headline", "Ferry leaves Tsuno"),
    files.tongues("dc:description", default="The ferry leaves the harbour.", ja="フェリーが港を出る。"),
    files.several("dc:creator", "Jane Roe", kind="Seq"),
    files.plain("photoshop:Credit", "Strait Wire/Jane Roe"),
    files.tongues("dc:rights", default="© Strait Wire 2021"),
    files.tongues("xmpRights:UsageTerms", default="Editorial use only."),
    files.plain("photoshop:Instructions", "No archive."),
    files.tongues("Iptc4xmpCore:AltTextAccessibility", default="A white ferry before a grey pier."),
    files.several("dc:subject", "ferry", "harbour", "Ferry"),
    files.plain("photoshop:DateCreated", "2021-04-02T09:05:00+09:00"),
    files.plain("plus:LicenseEndDate", "2031-05-01"),
)


@pytest.fixture
def desk(site, editor, signed_in, settings, tmp_path):
    """The browser of an editor, at a library of its own."""
    settings.MEDIA_ROOT = tmp_path
    return signed_in(editor)


def upload(desk, data, name="DSC_0815.jpg", **fields):
    """The photograph that an editor uploads with a form of the library."""
    file = SimpleUploadedFile(name, data, "image/jpeg")
    # The desk's script writes the name of the file into the empty title.
    form = {"title": name.rpartition(".")[0], "collection": "1", "tags": "", "file": file, **fields}
    before = set(Photo.objects.values_list("pk", flat=True))
    answer = desk.post("/desk/images/chooser/create/", {f"image-chooser-upload-{k}": v for k, v in form.items()})
    assert answer.status_code == 200
    return Photo.objects.exclude(pk__in=before).first(), answer.content.decode()


def test_an_agencys_picture_fills_the_form_by_itself(desk):
    photo, _ = upload(desk, files.with_xmp(files.picture(), AGENCY_XMP), title="DSC 0815")
    assert photo.title == "Ferry leaves Tsuno"
    assert photo.caption == "The ferry leaves the harbour."
    assert (photo.photographer, photo.agency) == ("Jane Roe", "Strait Wire")
    assert photo.copyright_notice == "© Strait Wire 2021"
    assert photo.usage_terms == "Editorial use only.\nNo archive."
    assert photo.description == "A white ferry before a grey pier."
    assert photo.taken_at == datetime(2021, 4, 2, 0, 5, tzinfo=UTC)
    assert photo.expires == date(2031, 5, 1)
    assert sorted(photo.tags.names()) == ["ferry", "harbour"]


def test_what_an_editor_has_written_stays(desk):
    written = {
        "title": "The last ferry",
        "caption": "Written here.",
        "photographer": "N. Howe",
        "agency": "The Test Courier",
        "description": "A ship.",
        "copyright_notice": "© N. Howe",
        "tags": "ships",
        "expires": "2040-01-01",
    }
    photo, _ = upload(desk, files.with_xmp(files.picture(), AGENCY_XMP), **written)
    assert {name: str(getattr(photo, name)) for name in written if name != "tags"} == {
        name: text for name, text in written.items() if name != "tags"
    }
    assert list(photo.tags.names()) == ["ships"]


def test_several_pictures_dropped_at_once_are_read_as_well(desk):
    file = SimpleUploadedFile("DSC_0815.jpg", files.with_xmp(files.picture(), AGENCY_XMP), "image/jpeg")
    answer = desk.post(
        "/desk/images/multiple/add/",
        {"title": "DSC_0815", "files[]": file},
        headers={"X-Requested-With": "XMLHttpRequest"},
    )
    assert answer.json()["success"] is True
    photo = Photo.objects.get()
    assert (photo.title, photo.agency) == ("Ferry leaves Tsuno", "Strait Wire")
    assert sorted(photo.tags.names()) == ["ferry", "harbour"]
    assert "A white ferry before a grey pier." in answer.json()["form"], "an editor looks at it before it is saved"


def test_a_picture_that_says_nothing_is_named_after_its_file(desk):
    photo, _ = upload(desk, files.picture(), name="harbour-at-dawn.jpg")
    assert (photo.title, photo.caption, photo.taken_at) == ("harbour-at-dawn", "", None)


@pytest.mark.parametrize(
    ("charset", "value", "text"),
    [
        (b"\x1b%G", "Zoë at Ōtsu".encode(), "Zoë at Ōtsu"),
        (b"", "Zoë".encode("latin-1"), "Zoë"),
        (b"", b"\x93Zo\xeb\x94", "“Zoë”"),
        (b"\x1b-A", "Zoë".encode("latin-1"), "Zoë"),
        (b"\x1b%G", b"Zo\xeb", "Zo\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_letters_of_iim_are_those_that_were_written(charset, value, text):
    data = files.with_iim(files.picture(), files.iim((120, value), charset=charset))
    assert read(data).caption == text


def test_every_field_of_iim_comes_to_its_place():
    block = files.iim(
        (5, b"Object name"), (105, b"Headline"), (120, b"A caption.\rSecond line."), (80, b"Jane Roe"),
        (80, b"Jun Aoi"), (110, b"Strait Wire"), (116, b"(c) Strait Wire"), (40, b"No sales."), (25, b"ferry"),
        (25, b"harbour"), (55, b"20210402"), (60, b"090500+0900"), (37, b"20310501"),
    )  # fmt: skip
    assert read(files.with_iim(files.picture(), block)) == Metadata(
        title="Headline",
        caption="A caption.\nSecond line.",
        photographer="Jane Roe, Jun Aoi",
        credit="Strait Wire",
        copyright="(c) Strait Wire",
        usage_terms="No sales.",
        keywords=("ferry", "harbour"),
        taken_at=moment("2021-04-02T09:05:00+09:00"),
        expires=date(2031, 5, 1),
    )


def test_xmp_goes_before_iim_and_both_before_exif():
    data = files.picture(exif=files.exif(description="By EXIF.", artist="E. Exif", copyright="(c) EXIF"))
    data = files.with_iim(data, files.iim((120, b"By IIM."), (80, b"I. Iim")))
    told = read(files.with_xmp(data, files.xmp(files.tongues("dc:description", default="By XMP."))))
    assert (told.caption, told.photographer, told.copyright) == ("By XMP.", "I. Iim", "(c) EXIF")
    assert told.taken_at == moment("2021-04-02T09:05:00+09:00")


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_other_formats_are_read_as_well(kind):
    options = {"exif": files.exif(artist="E. Exif")}
    if kind == "PNG":
        from PIL.PngImagePlugin import PngInfo

        info = PngInfo()
        info.add_itxt("XML:com.adobe.xmp", AGENCY_XMP.decode())
        options["pnginfo"] = info
    else:
        options["xmp"] = AGENCY_XMP
    told = read(files.picture(kind, **options))
    assert (told.title, told.photographer, told.credit) == ("Ferry leaves Tsuno", "Jane Roe", "Strait Wire/Jane Roe")


def test_the_plus_fields_stand_in_for_what_is_missing():
    owner = "<plus:CopyrightOwner><rdf:Seq><rdf:li rdf:parseType='Resource'>{}</rdf:li></rdf:Seq></plus:CopyrightOwner>"
    packet = files.xmp(
        owner.format(files.plain("plus:CopyrightOwnerName", "Strait Wire")),
        "<plus:ImageCreator><rdf:Seq><rdf:li plus:ImageCreatorName='Jane Roe'/></rdf:Seq></plus:ImageCreator>",
    )
    told = read(files.with_xmp(files.picture(), packet))
    assert (told.copyright, told.photographer) == ("© Strait Wire", "Jane Roe")


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
@pytest.mark.parametrize(
    "data",
    [
        files.with_xmp(files.picture(), b"<x:xmpmeta"),
        files.with_xmp(files.picture(), b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'),
        files.with_xmp(files.picture(), b"\xff\xfe<\0"),
        files.with_iim(files.picture(), b"\x1c\x02\x78\xff\xffcut off"),
        files.with_iim(files.picture(), b"\x1c\x02"),
        files.with_segment(files.picture(), 0xE1, b"Exif\0\0II*\0\xff\xff\xff\xff"),
        files.with_segment(files.picture(), 0xE1, b"Exif\0\0nonsense"),
    ],
)
def test_broken_metadata_says_nothing_and_the_picture_comes_in(desk, data):
    assert read(data) == Metadata()
    photo, _ = upload(desk, data)
    assert photo is not None


def test_signs_that_nobody_sees_are_left_out():
    data = files.with_iim(files.picture(), files.iim((105, "Ferry\u202e\0 leaves\x07\n Tsuno".encode())))
    assert read(data).title == "Ferry leaves Tsuno"


def test_a_picture_from_the_wire_is_filled_up_with_what_its_sender_says(site, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    sender = Metadata(title="From the item", caption="From the item.", credit="Harbour News Agency", alt_text="A ship.")
    data = files.with_iim(files.picture(), files.iim((120, b"From the picture."), (80, b"Jane Roe")))
    photo = actions.library_photo(data, filename="../../etc/p\u202egpj.exe", fallback=sender, is_file_photo=True)
    assert (photo.title, photo.caption) == ("From the item", "From the picture.")
    assert (photo.photographer, photo.agency) == ("Jane Roe", "Harbour News Agency")
    assert photo.description == "A ship."
    assert photo.is_file_photo
    assert photo.file.name.startswith("original_images/")
    assert photo.file.name.endswith(".jpg")


def test_long_words_are_cut_where_one_ends(site, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    photo = actions.library_photo(files.with_iim(files.picture(), files.iim((116, b"word " * 80))))
    assert photo.copyright_notice.endswith("word…")
    assert len(photo.copyright_notice) <= 255


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2021-04-02", datetime(2021, 4, 2)),  # noqa: DTZ001 - the picture tells no zone
        ("2021-04-02T09:05:00.25Z", datetime(2021, 4, 2, 9, 5, tzinfo=UTC)),
        ("20210402T090500", datetime(2021, 4, 2, 9, 5)),  # noqa: DTZ001
        ("2021:04:02 09:05:00", datetime(2021, 4, 2, 9, 5)),  # noqa: DTZ001
        ("2021", None),
        ("2021-13-40", None),
        ("0000:00:00 00:00:00", None),
        ("last week", None),
    ],
)
def test_a_time_is_read_as_every_standard_writes_it(text, time):
    assert moment(text) == time
