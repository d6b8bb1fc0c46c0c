"""Which handles may be taken, and which are the same to a reader (S-078)."""

# ruff: noqa: RUF001 - letters that look like others are what this is about

import string
import unicodedata

import pytest

from kawaraban.accounts.handles import LONGEST, HandleError, check, skeleton, slug


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Yrral", "Yrral"),
        ("Mr GoodmanToday", "Mr GoodmanToday"),
        ("  Zoë   Q ", "Zoë Q"),
        ("Jose\u0301", "José"),
        ("O’Brien", "O'Brien"),
        ("Ka\u02bbimi", "Ka'imi"),
        ("J.R.R. Tolkien", "J.R.R. Tolkien"),
        ("Setsuko B.", "Setsuko B."),
        ("Pepper & Salt", "Pepper & Salt"),
        ("user_name-1", "user_name-1"),
        ("2 cents", "2 cents"),
        ("ＴＡＲＯ", "TARO"),
        ("\ufb01sh", "fish"),
        ("ｶﾞﾝﾀﾞﾑ", "ガンダム"),
        ("山田\u3000太郎", "山田 太郎"),
        ("Taro山田", "Taro山田"),
        ("ラーメン大好き", "ラーメン大好き"),
        ("Kim 철수", "Kim 철수"),
        ("ㄅㄆㄇ漢", "ㄅㄆㄇ漢"),
        ("Nguyễn Văn A", "Nguyễn Văn A"),
        ("Владимир", "Владимир"),
        ("Νίκος", "Νίκος"),
        ("محمد علي", "محمد علي"),
        ("שָׁלוֹם", unicodedata.normalize("NFC", "שָׁלוֹם")),
        ("สมชาย", "สมชาย"),
        ("राम", "राम"),
        ("လျှို့ဝှက်", "လျှို့ဝှက်"),
        # Real names that begin, end or look like something kept.
        ("Staffan", "Staffan"),
        ("Ali", "Ali"),
        ("Mali", "Mali"),
        ("Badminton fan", "Badminton fan"),
        ("Support Act", "Support Act"),
        ("Readerly", "Readerly"),
        ("a" * LONGEST, "a" * LONGEST),
    ],
)
def test_a_name_is_kept_as_people_write_it(typed, kept):
    assert check(typed) == kept
    assert check(kept) == kept


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "2 to 30 characters; this one has 0"),
        ("   ", "2 to 30 characters"),
        ("a", "2 to 30 characters; this one has 1"),
        ("a" * 31, "this one has 31"),
        ("a" * 5_000, "this one has 5,000"),
        ("123", "at least one letter"),
        ("_x", "begins and ends"),
        ("x-", "begins and ends"),
        ("x..", "begins and ends"),
        ("'x", "begins and ends"),
        ("\u0301abc", "begins and ends"),
        # An address.
        ("bob@example.com", "e-mail address"),
        ("@bob", "e-mail address"),
        ("https://bob.example", "web address"),
        ("www.bob", "web address"),
        ("Bob.com", "web address"),
        ("bob/about", "web address"),
        # What nobody sees.
        ("a\u200bb", "nobody can see (U+200B)"),
        ("a\u200db", "nobody can see"),
        ("a\u202eb", "nobody can see"),
        ("a\u2066b", "nobody can see"),
        ("a\u2028b", "nobody can see"),
        ("a\nb", "nobody can see"),
        ("a\x00b", "nobody can see (U+0000)"),
        ("a\ud800b", "nobody can see"),
        ("a\ufffeb", "nobody can see"),
        ("a\ue000b", "nobody can see"),
        ("\u3164\u3164", "nobody can see"),
        ("a\ufe0fb", "nobody can see"),
        ("葛\U000e0100城", "nobody can see"),
        # What is no letter.
        ("Bob 😀", "“😀” cannot be in a handle"),
        ("<b>Bob", "“<” cannot be in a handle"),
        ("Bob\u20dd", "cannot be in a handle"),
        ("Bob²", "cannot be in a handle"),
        ("①Bob", "cannot be in a handle"),
        ("\U0001d4d1ob", "cannot be in a handle"),
        ("Ⅷ Bob", "cannot be in a handle"),
        ("ab|", "cannot be in a handle"),
        # Too much of a good thing.
        ("Z\u0334\u0335\u0336algo", "too many marks"),
        ("ก็็็็็็็", "too many marks"),
        # Letters of two alphabets.
        ("\u0430lice", "mixes Cyrillic and Latin"),
        ("Ali\u03bfs", "mixes Greek and Latin"),
        ("Bob แมว", "mixes Latin and Thai"),
        ("가あ", "mixes Hangul and Hiragana"),
        ("ㄅカナ", "mixes Bopomofo and Katakana"),
        ("Bob\u0663", "mixes"),
        ("Bob १", "mixes"),
        # The staff.
        ("admin", "is kept"),
        ("ADM1N", "is kept"),
        ("adrnin", "is kept"),
        ("Ad.min", "is kept"),
        ("Ａｄｍｉｎ", "is kept"),
        ("Àdmïn", "is kept"),
        ("\u1d00\u1d05\u1d0d\u026a\u0274", "is kept"),
        ("Admin Bob", "is kept"),
        ("Site-Admin", "is kept"),
        ("Admin & Co", "is kept"),
        ("admin1", "is kept"),
        ("m0derat0r", "is kept"),
        ("TheModerator", "is kept"),
        ("Editor-in-Chief", "is kept"),
        ("Real Kawaraban 24", "is kept"),
        ("KavvarabanNews", "is kept"),
        ("root", "is kept"),
        ("編集部", "is kept"),
        # No one.
        ("null", "is kept"),
        ("Anonymous", "is kept"),
        ("everyone", "is kept"),
        ("here", "is kept"),
        ("me", "is kept"),
        ("Deleted reader", "is kept"),
        ("Reader", "is kept"),
        ("Reader 12", "not known"),
        ("reader_007", "not known"),
        ("Reader l2", "not known"),
        ("READER-I0", "not known"),
        ("Réader 3", "not known"),
    ],
)
def test_a_handle_that_misleads_is_refused_with_the_reason(typed, reason):
    with pytest.raises(HandleError) as refusal:
        check(typed)
    message = str(refusal.value)
    assert reason in message
    assert message.endswith(".")
    assert message.encode()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Yrral", "YRRAL"),
        ("José", "jose"),
        ("Łukasz", "Lukasz"),
        ("Søren", "Soren"),
        ("Straße", "STRASSE"),
        ("Æthel", "Aethel"),
        ("John Smith", "john.smith"),
        ("john_smith", "John-Smith"),
        ("O'Brien", "OBrien"),
        ("O'Brien", "O\u02bcBrien"),
        ("ＴＡＲＯ", "taro"),
        ("lan", "Ian"),
        ("Bill", "BiI1"),
        ("a|b", "alb"),
        ("paypal", "paypaI"),
        ("Bob0", "BobO"),
        ("modern", "rnodem"),
        ("Wiwi", "vviVVi"),
        ("\u0441\u043e\u0441\u043e", "coco"),
        ("\u0410\u041d\u041d\u0410", "AHHA"),
        ("\u039d\u0399\u039a\u0397", "NIKH"),
        ("\u03bd\u03b9\u03ba\u03b7", "nikh"),
        ("\u1d00\u1d05\u1d0d\u026a\u0274", "admin"),
        ("bob\u200b", "bob"),
        ("Νίκος", "ΝΙΚΟΣ"),
        ("Андрей", "АНДРЕЙ"),
        ("ガンダム", "ｶﾞﾝﾀﾞﾑ"),
        ("ロ", "口"),
        ("ニコ", "二コ"),
        ("עִבְרִית", "עברית"),
        ("محمـد", "محمد"),
    ],
)
def test_what_readers_could_confuse_has_one_skeleton(one, other):
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("b", "d"),
        ("c", "e"),
        ("n", "v"),
        ("u", "y"),
        ("r", "y"),
        ("m", "n"),
        ("5", "s"),
        ("2", "z"),
        ("Anna", "Hanna"),
        ("Nick", "Vick"),
        ("あ", "お"),
        ("か", "が"),
        ("は", "ぱ"),
        ("ナ", "メ"),
        ("ノア", "ア"),
        ("太", "犬"),
        ("김", "짐"),
        ("कि", "की"),
        ("राम", "रम"),
        ("ปา", "ป่า"),
        ("Вова", "Боба"),
        ("Мария", "Марина"),
        ("Ядвига", "Эдвига"),
        ("Θάνος", "Οάνος"),
    ],
)
def test_other_names_stay_other_names(one, other):
    assert skeleton(one) != skeleton(other)


def test_the_latin_alphabet_survives_the_look_alikes():
    # The data is a relation of pairs; followed both ways and through case, it would make most letters one.
    classes: dict[str, list[str]] = {}
    for character in string.ascii_lowercase + string.digits:
        classes.setdefault(skeleton(character), []).append(character)
    assert [same for same in classes.values() if len(same) > 1] == [["i", "l", "1"], ["o", "0"]]


def test_a_skeleton_is_stable_and_fits_its_column():
    for code in (*range(0x20, 0x3000), *range(0x3000, 0x9FFF, 7), *range(0xA000, 0xD7A4, 31), *range(0xF900, 0x10000)):
        character = chr(code)
        bones = skeleton(character)
        assert skeleton(bones) == bones, hex(code)
        upper = character.upper()
        assert len(upper) > 1 or skeleton(upper) == bones, hex(code)
        if len(bones) > 3:
            with pytest.raises(HandleError):
                check(f"a{character}a")


@pytest.mark.parametrize(
    ("handle", "expected"),
    [
        ("Mr GoodmanToday", "mr-goodmantoday"),
        ("José O'Brien", "jose-obrien"),
        ("J.R.R. Tolkien", "j-r-r-tolkien"),
        ("Pepper & Salt", "pepper-salt"),
        ("Владимир", "vladimir"),
        ("ジョン", "jiyon"),
        ("김철수", "gimcheolsu"),
        ("ﾟ", "member"),
        ("", "member"),
    ],
)
def test_a_slug_is_readable_ascii(handle, expected):
    assert slug(handle) == expected


def test_a_slug_is_an_address_whatever_the_handle():
    for code in range(0x20, 0x10000, 13):
        address = slug(chr(code) * LONGEST)
        assert address
        assert len(address) <= 50
        assert set(address) <= set(string.ascii_lowercase + string.digits + "-")
