"""Reader text becomes HTML that is safe, says what was typed, and costs little (S-001 to S-005, S-095 to S-098)."""

# ruff: noqa: RUF001 - letters that look like others are part of what readers type

import re
import unicodedata
from urllib.parse import urlsplit

import pytest

from kawaraban.markup import clean, plain_text, render, tidy
from tests.inert_html import a, inspect

# --- What readers write -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("", ""),
        ("Good move.", "<p>Good move.</p>"),
        ("one\ntwo\n\n\n\nthree", "<p>one<br>\ntwo</p>\n<p>three</p>"),
        (
            "*soft* _soft_ **loud** __loud__",
            "<p><em>soft</em> <em>soft</em> <strong>loud</strong> <strong>loud</strong></p>",
        ),
        ("***both***", "<p><em><strong>both</strong></em></p>"),
        ("これは*強調*です", "<p>これは<em>強調</em>です</p>"),
        ("sh*t happens and f*ck that", "<p>sh*t happens and f*ck that</p>"),
        ("5*4*3, snake_case_name, ****", "<p>5*4*3, snake_case_name, ****</p>"),
        (r"\*not\* \[soft\](x)", "<p>*not* [soft](x)</p>"),
        ("    indented\n        quotation", "<p>indented<br>\nquotation</p>"),
        ("# 1 fan\n---\n***\n===", "<p># 1 fan<br>\n---<br>\n***<br>\n===</p>"),
        ("```\ncode `x`\n```", "<p>```<br>\ncode `x`<br>\n```</p>"),
        ("| a | b |\n|---|---|", "<p>| a | b |<br>\n|---|---|</p>"),
        ("a < b && c > d <b>x</b>", "<p>a &lt; b &amp;&amp; c &gt; d &lt;b&gt;x&lt;/b&gt;</p>"),
        ("AT&amp;T &lt;", "<p>AT&amp;amp;T &amp;lt;</p>"),
        # Quotations.
        ("> theirs\nmine", "<blockquote>\n<p>theirs</p>\n</blockquote>\n<p>mine</p>"),
        (
            "> > hers\n> his\n\nmine",
            "<blockquote>\n<blockquote>\n<p>hers</p>\n</blockquote>\n<p>his</p>\n</blockquote>\n<p>mine</p>",
        ),
        (">no space\n>\n>two", "<blockquote>\n<p>no space</p>\n<p>two</p>\n</blockquote>"),
        (
            "1. > theirs\n\n   mine",
            "<ol>\n<li>\n<blockquote>\n<p>theirs</p>\n</blockquote>\n<p>mine</p>\n</li>\n</ol>",
        ),
        # Lists.
        ("- a\n- b\n  - c", "<ul>\n<li>a</li>\n<li>b\n<ul>\n<li>c</li>\n</ul>\n</li>\n</ul>"),
        ("Points:\n1) a\n2) b", "<p>Points:</p>\n<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
        ("2. b\n5. e", '<ol start="2">\n<li>b</li>\n</ol>\n<ol start="5">\n<li>e</li>\n</ol>'),
        ("24. Dezember", '<ol start="24">\n<li>Dezember</li>\n</ol>'),
        ("1986. What a year", "<p>1986. What a year</p>"),
        ("007. Bond\n1.5 of them", "<p>007. Bond<br>\n1.5 of them</p>"),
        ("In\n1986. What", "<p>In<br>\n1986. What</p>"),
        ("- - -", "<p>- - -</p>"),
        ("* * *\n-\n1.", "<p>* * *<br>\n-<br>\n1.</p>"),
        ("+ 1\n-5 degrees", "<p>+ 1<br>\n-5 degrees</p>"),
        # Links.
        ("see https://a.example/b_c_d.", f"<p>see {a('https://a.example/b_c_d')}.</p>"),
        ("(https://a.example/b_(c))!", f"<p>({a('https://a.example/b_(c)')})!</p>"),
        ("*https://a.example/b*", f"<p><em>{a('https://a.example/b')}</em></p>"),
        ("詳しくはhttps://a.example/bをご覧", f"<p>詳しくは{a('https://a.example/b')}をご覧</p>"),
        ("HTTP://A.Example/B", f"<p>{a('http://a.example/B', 'HTTP://A.Example/B')}</p>"),
        ("[*proof*](https://a.example/?q=1&r=2)", f"<p>{a('https://a.example/?q=1&amp;r=2', '<em>proof</em>')}</p>"),
        ("[x](<https://a.example/瓦版>)", f"<p>{a('https://a.example/%E7%93%A6%E7%89%88', 'x')}</p>"),
        ("<https://日本.example>", f"<p>{a('https://xn--wgv71a.example', 'https://日本.example')}</p>"),
        ("<mailto:desk@news.example>", f"<p>{a('mailto:desk@news.example', 'desk@news.example')}</p>"),
        ("[ref]: https://a.example\n[ref]", f"<p>[ref]: {a('https://a.example')}<br>\n[ref]</p>"),
        ("![alt](https://a.example/b.png)", f"<p>![alt]({a('https://a.example/b.png')})</p>"),
        ("[a [1]](https://a.example)", f"<p>[a [1]]({a('https://a.example')})</p>"),
        (
            "[[a](https://a.example)] [b\\]](https://b.example)",
            f"<p>[{a('https://a.example', 'a')}] {a('https://b.example', 'b]')}</p>",
        ),
        ("[](https://a.example)", f"<p>[]({a('https://a.example')})</p>"),
        ("[https://a.example](https://a.example)", f"<p>{a('https://a.example')}</p>"),
        ("[https://a.example](https://b.example)", f"<p>[{a('https://a.example')}]({a('https://b.example')})</p>"),
    ],
)
def test_text_is_shown_as_people_mean_it(source, html):
    assert render(source) == html
    inspect(html)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "java\x00script:alert(1)",
        "\x01javascript:alert(1)",
        " javascript:alert(1)",
        "javascript&colon;alert(1)",
        "javascript&#58;alert(1)",
        "&#106;avascript:alert(1)",
        "&#x6A&#x61;vascript:alert(1)",
        "java&Tab;script:alert(1)",
        "java&NewLine;script:alert(1)",
        "%6Aavascript:alert(1)",
        "javascript://a.example/%0Aalert(1)",
        "vbscript:msgbox(1)",
        "data:text/html,<script>alert(1)</script>",
        "data:image/png;base64,AAAA",
        "file:///etc/passwd",
        "ftp://a.example/b",
        "magnet:?xt=urn:btih:0",
        "tel:+8100",
        "//a.example",
        "/logout",
        "logout",
        "#top",
        "?page=2",
        "\\\\a.example\\b",
        "https:a.example",
        "https:/a.example",
        "https:\\\\a.example",
        "https://",
        "https:///b",
        "https://?b",
        "https://localhost",
        "https://a",
        "https://.example",
        "https://a..example",
        "https://-a.example",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://[::1]/",
        "https://bank.example@other.example/",
        "https://user:word@other.example/",
        "https://bank.example\\@other.example/",
        "https://a.example:port/",
        "https://faß.example/",
        "https://a。example/",
        "https://" + "a" * 64 + ".example",
        "https://" + "a." * 127 + "example",
        "https://a.example/" + "b" * 2_000,
        "mailto:",
        "mailto:desk",
        "mailto:desk@localhost",
        "mailto:desk@news.example?bcc=all@news.example",
        "mailto:a@b.example,c@d.example",
        "mailto://news.example",
    ],
)
@pytest.mark.parametrize("form", ["[x]({})", "[x](<{}>)", "<{}>"])
def test_other_addresses_stay_text(address, form):
    html = render(form.format(address))
    assert not [link for link in inspect(html).links if not address.endswith(urlsplit(link).path)], html
    assert "://bank" not in "".join(inspect(html).links)
    if "://" not in address:
        assert "<a" not in html
    assert "x" in plain_text(html) or "x" not in form


@pytest.mark.parametrize(
    "source",
    [
        'https://a.example/"onmouseover="alert(1)',
        "https://a.example/'onmouseover='alert(1)",
        '[x](https://a.example/"onmouseover="alert(1))',
        "[x](https://a.example/'><img/src=x>)",
        '[x](https://a.example "title" onclick=alert(1))',
        '<https://a.example/"onmouseover="alert(1)>',
        "[x](https://a.example/`onclick`)",
        '[" onclick="x](https://a.example)',
        "https://a.example/<script>alert(1)</script>",
        "https://a.example/&quot;onclick=&quot;",
        'mailto:"onclick="@a.example <mailto:"x"@a.example>',
    ],
)
def test_an_attribute_never_closes_early(source):
    inspect(render(source))


MARKUP = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//a.example/x.js></ScRiPt>",
    "<script>alert(1)",
    "<<script>script>alert(1)<</script>/script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    "<img/src=x/onerror=alert(1)>",
    '<img """><script>alert(1)</script>">',
    "<image href=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    '<svg><p><style><g title="</style><img src onerror=alert(1)>">',
    "<svg><a xlink:href=javascript:alert(1)><text y=1em>x</text></a></svg>",
    "<svg><animate attributeName=href values=javascript:alert(1) /></svg>",
    "<svg><foreignObject><iframe srcdoc=x></foreignObject></svg>",
    "<svg><desc><![CDATA[</desc><script>alert(1)</script>]]></svg>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<math><mtext><h1><a><h6></a></h6><mglyph><svg><mtext><style><a title="</style><img src onerror=alert(1)>">',
    "<math><annotation-xml encoding=text/html><script>alert(1)</script></annotation-xml></math>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<noscript><style></noscript><img src=x onerror=alert(1)>",
    "<style><style/><img src=x onerror=alert(1)>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<style><!--</style><img src=x onerror=alert(1)>-->",
    "<template><script>alert(1)</script></template>",
    "<template><p></template><img src=x onerror=alert(1)>",
    '<textarea><img title="</textarea><img src=x onerror=alert(1)>">',
    '<title><img title="</title><img src=x onerror=alert(1)>">',
    '<xmp><p title="</xmp><img src=x onerror=alert(1)>">',
    "<listing>&lt;img onerror=alert(1) src=x&gt;</listing>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<form><form><input name=attributes>",
    "<input autofocus onfocus=alert(1)>",
    "<button form=x formaction=javascript:alert(1)>x",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<audio src=x onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<html><head><base href=//a.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//a.example/x.css>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href=' java\tscript:alert(1)'>x</a>",
    "<a href=&#x6a;avascript:alert(1)>x</a>",
    "<a href=//a.example onclick=alert(1) target=_blank style=x id=x class=x name=x>x</a>",
    "<a href=https://a.example/><a href=https://b.example/>x</a></a>",
    "<p style=position:fixed onclick=alert(1)>x</p>",
    "<ol start=-999999999 reversed type=a><li value=7>x</ol>",
    "<ol start=' 7'><li>x",
    "<table><p><td><img src=x onerror=alert(1)>",
    "<select><option><style><img src=x onerror=alert(1)></style>",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml version='1.0'?><img src=x onerror=alert(1)>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "</p></blockquote></article><script>alert(1)</script>",
    "<x onclick=alert(1)>x</x>",
    "<x-y is=swap-form into=#x>x</x-y>",
    "<p><em><strong><a href=https://a.example>x</p>y</em>",
    "<em>" * 60 + "<p>x" + "</strong>" * 60,
    "&lt;img src=x onerror=alert(1)&gt;",
    "&amp;lt;script&amp;gt;",
    "\x00<\x00script>alert(1)</script>",
    "<\u0000img src=x onerror=alert(1)>",
    "＜script＞alert(1)＜/script＞",
    "[<img src=x onerror=alert(1)>](https://a.example)",
    "> <svg><style>\n> <img src=x onerror=alert(1)>",
    "- <!--\n- --><img src=x onerror=alert(1)>",
    "**<b title='**'>x",
    "<https://a.example/<img src=x onerror=alert(1)>>",
]


@pytest.mark.parametrize("source", MARKUP)
def test_html_is_shown_not_obeyed(source):
    html = render(source)
    inspect(html)
    # Shown literally: what was typed is what is read.
    if not re.search(r"[*\[\\]|^[->]|https?:", source):
        assert plain_text(html).split() == tidy(source).split()


@pytest.mark.parametrize("html", [*MARKUP, "<p><button><p>x", "<li><li><dd><li>", "<p><select><table></p>"])
def test_cleaning_leaves_nothing_but_our_own(html):
    cleaned = clean(html)
    assert clean(cleaned) == cleaned
    assert not re.search(r"<(?!/?(?:a|blockquote|br|em|li|ol|p|strong|ul)[\s>])", cleaned)
    assert not re.search(r"<[^>]*\b(?:on\w+|style|id|class|src|name|target|title)=", cleaned)
    assert not re.search(r"href=\"(?!https?://|mailto:)", cleaned)


# --- What is stored ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("a\r\nb\rc\u2028d\u0085e\x0bf", "a\nb\nc\nd\ne\nf"),
        ("\n\n  a  \n\n\tb\t \n \n", "  a\n\n\tb"),
        ("cafe\u0301", "café"),
        ("a\x00b\x07c\x7fd\x9be", "abcde"),
        ("a\ud800b\udfffc\ufffed\U0001ffffe\ufdd0f", "abcdef"),
        ("a\u202eb\u202cc\u2066d\u2069e", "abcde"),
        ("a\u200bb\u200cc\u200dd\ufeffe\u2060f\xadg\u3164h\u115fi", "abcdefghi"),
        ("a\u200eb\u200fc", "abc"),
        ("hid\U000e0068\U000e0069den", "hidden"),
        ("x\ufe0f\ufe0f\ufe01", "x\ufe0f"),
        ("x\U000e0101\U000e0102", "x"),
        ("Z" + "\u0335" * 40 + "a", "Z" + "\u0335" * 5 + "a"),
        ("e" + "\u0316\u200b" * 40, "e" + "\u0316" * 5),
        ("ก" + "็" * 40, "ก" + "็" * 5),
        ("👩\u200d" * 30 + "👩", "👩" * 31),
        ("あ\u200dい", "あい"),
        ("שלום\u200f\u200f\u200e", "שלום\u200f"),
    ],
)
def test_what_nobody_sees_is_not_stored(typed, stored):
    assert tidy(typed) == stored
    assert tidy(stored) == stored


@pytest.mark.parametrize(
    "text",
    [
        "Nguyễn Thị Hồng Ân, ữ ể ẫ",
        "น้ำใจไมตรี ที่นี่ ก็ กี้",
        "בְּרֵאשִׁ֖ית בָּרָ֣א אֱלֹהִ֑ים",
        "الْعَرَبِيَّةُ، مُحَمَّدٌ ﷺ",
        "می\u200cخواهم",
        "क्\u200dष श्रीमान् र्\u200dय",
        "ශ්\u200dරී ලංකා",
        "മലയാളം ന്\u200d",
        "လျှို့ဝှက်",
        "ភាសា\u200bខ្មែរ ภาษา\u200bไทย",
        "བོད་སྐད་ བསྒྲུབས",
        "한국어 ガンダム がっこう 漢字",
        "葛\U000e0100城市 辻\ufe00",
        "👩\u200d❤\ufe0f\u200d💋\u200d👨 👨\u200d👩\u200d👧\u200d👦 🏳\ufe0f\u200d🌈 👩🏽\u200d🚒",
        "❤\ufe0f 1\ufe0f\u20e3 🇯🇵",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "price: \u200f100 ש\u05f4ח",
    ],
)
def test_every_script_is_stored_as_it_is_spelled(text):
    text = unicodedata.normalize("NFC", text)
    assert tidy(text) == text
    assert plain_text(render(text)).split() == text.split()


# --- Excerpts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("one\ntwo\n\nthree", "one\ntwo\nthree"),
        ("> theirs\n\nmine", "theirs\nmine"),
        ("3. c\n4. d\n\n- e\n  - f", "3. c\n4. d\ne\nf"),
        ("1. a\n\n   b\n\n2. c", "1. a\nb\n2. c"),
        ("*a* [b](https://c.example)", "a b"),
        ("&lt;img src=x onerror=alert(1)&gt; <b>", "&lt;img src=x onerror=alert(1)&gt; <b>"),
    ],
)
def test_plain_text_is_what_was_read(source, text):
    assert plain_text(render(source)) == text
