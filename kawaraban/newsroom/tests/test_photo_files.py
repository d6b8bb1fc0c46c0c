"""What file may come into the library, what is kept of it, and that nobody learns from it where it was taken."""

from __future__ import annotations

import io
import re
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms

from kawaraban.errors import Refused
from kawaraban.newsroom import actions
from kawaraban.newsroom.metadata import Metadata, read
from kawaraban.newsroom.models import Photo, PhotoRendition
from kawaraban.newsroom.picture_files import inspect, strip
from kawaraban.newsroom.querysets import PICTURE_SIZES
from kawaraban.newsroom.tests import picture_files as files

KINDS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
GPS = 0x8825


@pytest.fixture
def library(site, settings, tmp_path):
    """An empty library in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def located(kind: str = "JPEG", way_up: int = 1) -> bytes:
    """A picture which says where it was taken, in every way that its format has."""
    place = files.xmp("<exif:GPSLatitude xmlns:exif='http://ns.adobe.com/exif/1.0/'>35,26.72N</exif:GPSLatitude>")
    if kind == "GIF":
        return files.picture("GIF", comment=b"GPS 35.445 N")
    if kind == "PNG":
        return files.picture("PNG", exif=files.exif(way_up), pnginfo=_png_text(place))
    return files.picture(kind, exif=files.exif(way_up), xmp=place, quality=90)


def _png_text(place: bytes):
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", place.decode())
    info.add_text("Comment", "GPS 35.445 N")
    return info


def says_where(data: bytes) -> bool:
    with Image.open(io.BytesIO(data)) as picture:
        return bool(picture.getexif().get_ifd(GPS)) or b"GPS" in data or b"35,26" in data or b"SERIAL" in data


def kept(photo) -> bytes:
    """The file that the library has of a photograph, or of one of its sizes."""
    with photo.open_file() as file:
        return file.read()


def pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.convert("RGB").tobytes()


@pytest.mark.parametrize("kind", KINDS)
def test_the_kept_file_does_not_say_where_it_was_taken_and_is_the_same_picture(library, kind):
    data = located(kind)
    assert says_where(data)
    found = kept(actions.library_photo(data))
    assert not says_where(found)
    if kind == "AVIF":  # encoded anew
        assert inspect(found).width == inspect(data).width
    else:
        assert pixels(found) == pixels(data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_kept_file_still_says_whose_it_is(library, kind):
    data = located(kind)
    words = Metadata(photographer="Jane & Jun", credit="Strait Wire", copyright="© 2021 <Wire>", usage_terms="Once.")
    assert read(kept(actions.library_photo(data, fallback=words))) == words


@pytest.mark.parametrize("kind", KINDS)
def test_no_size_that_readers_get_says_anything(library, kind):
    photo = actions.library_photo(located(kind), fallback=Metadata(copyright="© Strait Wire", credit="Strait Wire"))
    for spec, made in photo.get_renditions(*PICTURE_SIZES, "original", "max-165x165|format-png").items():
        data = kept(made)
        assert not says_where(data), spec
        assert read(data) == Metadata(), spec
        with Image.open(io.BytesIO(data)) as picture:
            assert {"exif", "xmp", "comment", "photoshop"} & set(picture.info) == set(), spec
            assert not picture.getexif(), spec


def test_a_file_that_got_past_the_door_is_bare_on_the_page_all_the_same(library):
    photo = actions.library_photo(files.picture())
    with photo.file.storage.open(photo.file.name, "wb") as file:  # as if an older version had kept it
        file.write(located())
    for made in photo.get_renditions("original", "max-300x300|format-jpeg", "max-300x300|format-png").values():
        assert not says_where(kept(made))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_taken_upright_stays_upright(library, kind):
    photo = actions.library_photo(located(kind, way_up=6))
    made = photo.get_rendition("max-400x400|format-webp")
    assert (made.width, made.height) == (266, 400)
    with Image.open(io.BytesIO(kept(made))) as picture:
        red, _, blue = picture.convert("RGB").getpixel((250, 20))
    assert red > 150 > blue, "its red corner is turned to the right"


@pytest.mark.parametrize("kind", KINDS)
def test_colours_are_kept_as_they_are_meant(kind):
    if kind == "GIF":
        return  # it has no profile
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    bare = strip(files.picture(kind, icc_profile=profile, exif=files.exif()))
    with Image.open(io.BytesIO(bare)) as picture:
        assert picture.info["icc_profile"] == profile


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_whatever_follows_the_end_of_a_picture_is_cut_off(kind):
    data = files.picture(kind)
    assert strip(data + b"<html><script>alert(1)</script>PK\x03\x04") == strip(data)


def test_a_second_picture_behind_the_first_goes_with_its_place():
    first, second = Image.new("RGB", (60, 40), "navy"), Image.new("RGB", (30, 20), "red")
    data = files.saved(first, "MPO", save_all=True, append_images=[second], exif=files.exif())
    assert inspect(data).suffix == ".jpg"
    bare = strip(data)
    assert bare.count(b"\xff\xd8\xff") == 1
    assert not says_where(bare)


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_an_animation_keeps_its_pictures(kind):
    frames = [Image.new("RGB", (20, 20), (10 * n, 90, 200 - n)) for n in range(5)]
    data = files.saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=80, loop=0)
    with Image.open(io.BytesIO(strip(data))) as picture:
        assert picture.n_frames == 5


# --- What may not come in ---------------------------------------------------------------------------------------------


def png_of(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims to be of this size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def jpeg_of(width: int, height: int) -> bytes:
    """A small JPEG whose header claims to be of this size."""
    data = files.picture()
    at = re.search(rb"\xff\xc0", data).start()
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


def gif_of(count: int) -> bytes:
    """A GIF of so many pictures, all the same."""
    data = files.picture("GIF", size=(2, 2))
    at = data.index(b",", 13 + (3 << (data[10] & 7) + 1))
    return data[:at] + data[at:-1] * count + b";"


@pytest.mark.parametrize(
    "data", [png_of(65_535, 65_535), png_of(7_000, 6_000), jpeg_of(65_535, 65_535), jpeg_of(8_000, 5_001)]
)
def test_a_bomb_is_refused_by_its_header(data, stopwatch):
    with stopwatch, pytest.raises(Refused) as refusal:
        inspect(data)
    assert refusal.value.code == "picture-too-large"
    assert stopwatch.seconds < 0.2


def test_forty_megapixels_come_in():
    assert inspect(files.saved(Image.new("L", (8_000, 5_000)), "PNG")).width == 8_000


def test_an_animation_has_200_pictures_at_most(stopwatch):
    assert inspect(gif_of(200)).format == "GIF"
    with stopwatch, pytest.raises(Refused) as refusal:
        inspect(gif_of(200_000))
    assert refusal.value.code == "picture-frames"
    assert stopwatch.seconds < 0.2


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_that_is_cut_off_is_refused(kind):
    data = files.picture(kind)
    for share in (0.1, 0.5, 0.9):
        with pytest.raises(Refused, match="cut off"):
            inspect(data[: int(len(data) * share)])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"\xff\xd8\xff",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7\n" + files.picture(),
        b"8BPS\0\x01" + bytes(40),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n",
        files.picture("TIFF"),
        files.picture("BMP"),
        files.picture("ICO", size=(32, 32)),
    ],
)
def test_what_is_no_picture_of_five_formats_is_refused(data):
    with pytest.raises(Refused, match="Nothing was kept"):
        inspect(data)


@pytest.mark.parametrize("data", [png_of(65_535, 65_535), files.picture()[:900], b"<html>", files.picture("TIFF")])
@pytest.mark.parametrize("address", ["/desk/images/multiple/add/", "/desk/images/chooser/create/"])
def test_the_desk_is_told_why_and_nothing_is_kept(library, editor, signed_in, data, address):
    file = SimpleUploadedFile("harbour.png", data, "image/png")
    field = "files[]" if "multiple" in address else "image-chooser-upload-file"
    form = {"title": "x", "image-chooser-upload-title": "x", field: file}
    answer = signed_in(editor).post(address, form, headers={"X-Requested-With": "XMLHttpRequest"})
    assert answer.status_code == 200
    assert "Nothing was kept" in answer.json().get("error_message", answer.content.decode())
    assert not Photo.objects.exists()
    assert [path for path in library.rglob("*") if path.is_file()] == []


def test_a_name_that_does_not_fit_the_picture_is_refused(library, editor, signed_in):
    file = SimpleUploadedFile("harbour.gif", files.picture("PNG"), "image/gif")
    form = {"title": "x", "files[]": file}
    answer = signed_in(editor).post("/desk/images/multiple/add/", form, headers={"X-Requested-With": "XMLHttpRequest"})
    assert "does not match" in answer.json()["error_message"]


# --- Addresses --------------------------------------------------------------------------------------------------------


def test_readers_never_get_the_original(library, editor, moderator, reader, signed_in, stranger):
    photo = actions.library_photo(located(), filename="the-resignation.jpg")
    for browser in (stranger, signed_in(reader), signed_in(moderator)):
        assert browser.get(photo.file.url).status_code == 404
    answer = signed_in(editor).get(photo.file.url)
    assert answer.content == kept(photo)
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    "path", ["original_images/../site.env", "original_images/%2e%2e/x", "original_images/", "wagtail_uploads/x.jpg"]
)
def test_no_way_leads_out_of_the_folder_of_originals(library, editor, signed_in, path):
    assert signed_in(editor).get(f"/media/{path}").status_code == 404


def test_nobody_can_guess_the_address_of_a_picture(library):
    photos = [actions.library_photo(files.picture(), filename="the-resignation.jpg") for _ in range(2)]
    photos[0].focal_point_x = photos[0].focal_point_y = 300
    photos[0].focal_point_width = photos[0].focal_point_height = 50
    photos[0].save()
    for photo in photos:
        photo.get_renditions(*PICTURE_SIZES)
    tokens = {
        re.match(r"images/([0-9a-f]{16})\.", name)[1] for name in PhotoRendition.objects.values_list("file", flat=True)
    }
    assert len(tokens) == 2
    assert not any("resignation" in photo.file.name for photo in photos)


@pytest.mark.parametrize(
    "name", ["../../x.jpg", "%2e%2e%2fx.jpg", "a\\b.jpg", "x\n.jpg", f"{'x' * 300}.jpg", "\u202egpj.jpg"]
)
def test_odd_names_lead_nowhere(library, name):
    photo = actions.library_photo(files.picture(), filename=name)
    assert re.fullmatch(r"original_images/[0-9a-f]{16}\.jpg", photo.file.name)
    assert "\n" not in photo.title
