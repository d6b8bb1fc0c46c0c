"""Habits of agencies that the standards leave open."""

import json

import pytest

from kawaraban.formats import detect
from kawaraban.formats.items import Kind, PubStatus, Signal

NAR = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'


def newsml(meta="", content="", rest="", kind="text"):
    return detect.read(
        f'<newsItem {NAR} guid="a:1" xml:lang="en"><itemMeta><itemClass qcode="ninat:{kind}"/>{meta}</itemMeta>'
        f"<contentMeta>{content}</contentMeta>{rest}</newsItem>".encode()
    )[0]


def nitf(docdata="", attributes="", head=""):
    data = f'<docdata {attributes}><doc-id id-string="a:1"/>{docdata}</docdata>'
    return detect.read(f"<nitf><head>{head}{data}</head><body/></nitf>".encode())[0]


def test_a_kill_of_newsml_is_known_by_its_status_and_by_its_signal():
    assert newsml('<pubStatus qcode="stat:canceled"/>').pubstatus == PubStatus.CANCELED
    assert (
        newsml('<pubStatus uri="http://cv.iptc.org/newscodes/pubstatusg2/canceled"/>').pubstatus == PubStatus.CANCELED
    )
    assert newsml('<pubStatus qcode="stat:usable"/><signal qcode="sig:kill"/>').pubstatus == PubStatus.CANCELED
    assert newsml('<signal qcode="sig:update"/><signal qcode="sig:withdrawal"/>').pubstatus == PubStatus.CANCELED


def test_a_kill_of_nitf_means_the_document_that_it_names():
    killed = nitf(attributes='management-status="canceled" management-doc-idref="a:7"')
    assert (killed.guid, killed.pubstatus) == ("a:7", PubStatus.CANCELED)
    usable = nitf(attributes='management-status="usable" management-doc-idref="a:7"')
    assert (usable.guid, usable.pubstatus) == ("a:1", PubStatus.USABLE)


def test_nitf_without_a_name_is_named_by_provider_headline_and_day():
    def sent(hour, headline="Can trading help?"):
        return detect.read(
            f'<nitf><head><docdata><doc-id regsrc="AP"/><date.issue norm="20151210T{hour}0000Z"/></docdata></head>'
            f"<body><body.head><hedline><hl1>{headline}</hl1><hl2>{headline}</hl2></hedline>"
            "<byline>By BERNARD CONDON<byttl>AP Business Writer</byttl></byline></body.head></body></nitf>".encode()
        )[0]

    first, second, other = sent("19"), sent("20"), sent("20", "Another")
    assert first.guid == second.guid != other.guid
    assert first.versioncreated < second.versioncreated
    assert (first.standfirst, [author.name for author in first.bylines]) == ("", ["BERNARD CONDON"])
    assert "no name of its own" in first.warnings[0]


def test_the_rights_of_nitf_name_an_owner_and_terms():
    head = "<body.head><rights>No archives.<rights.owner>Agencia EFE</rights.owner></rights></body.head>"
    [item] = detect.read(
        f'<nitf><head><docdata><doc-id id-string="a:1"/></docdata></head><body>{head}</body></nitf>'.encode()
    )
    assert (item.copyrightholder, item.usageterms) == ("Agencia EFE", "No archives.")


def test_nitf_is_embargoed_until_its_release():
    later = nitf('<date.issue norm="20240530T090000Z"/><date.release norm="20240530T150000Z"/>')
    assert (later.embargoed.hour, later.pubstatus) == (15, PubStatus.USABLE)
    at_once = nitf('<date.issue norm="20240530T090000Z"/><date.release norm="20240530T090000Z"/>')
    assert (at_once.embargoed, at_once.pubstatus) == (None, PubStatus.USABLE)
    unknown = nitf(attributes='management-status="embargoed"')
    assert (unknown.embargoed, unknown.pubstatus) == (None, PubStatus.WITHHELD)


def test_an_advisory_is_to_editors():
    assert nitf(head='<tobject tobject.type="advisory"/>').signal == Signal.ADVISORY
    assert newsml('<signal qcode="sig:advisory"/>').signal == Signal.ADVISORY


def test_the_best_headline_and_summary_of_several_are_taken():
    item = newsml(
        content="<headline rank='3'>Topic</headline><headline rank='1'>Main</headline>"
        "<description role='drol:teaser'>Teaser.</description><description role='drol:summary'>Summary.</description>"
    )
    assert (item.headline, item.standfirst) == ("Main", "Summary.")
    assert newsml("<title>Only a title</title>").headline == "Only a title"
    assert (
        newsml(content="<headline>Main</headline><headline role='hl:subtitle'>Below</headline>").standfirst == "Below"
    )


def test_plain_text_and_html_as_data_are_texts_too():
    plain = newsml(rest='<contentSet><inlineData contenttype="text/plain">a\n\nb</inlineData></contentSet>')
    assert plain.body == (("paragraph", "a"), ("paragraph", "b"))
    marked = newsml(
        rest='<contentSet><inlineData contenttype="text/html">&lt;p&gt;a&lt;/p&gt;b</inlineData></contentSet>'
    )
    assert marked.body == (("paragraph", "a"), ("paragraph", "b"))


def test_what_a_text_repeats_of_its_item_is_told_once():
    page = (
        '<html xmlns="http://www.w3.org/1999/xhtml"><body><header><h1>Bridge closes</h1><ul><li>Traffic</li></ul>'
        "<strong>Embargoed until 19.00!</strong></header><section><h1>Bridge closes</h1>"
        "<p>The harbour bridge closes on Monday.</p><p>More.</p></section></body></html>"
    )
    item = newsml(
        content="<headline>Bridge closes</headline><description>The harbour bridge closes on Monday.</description>",
        rest=f'<contentSet><inlineXML contenttype="application/xhtml+xml">{page}</inlineXML></contentSet>',
    )
    assert (item.headline, item.standfirst) == ("Bridge closes", "")
    assert item.body == (("paragraph", "The harbour bridge closes on Monday."), ("paragraph", "More."))
    assert "(header)" in item.warnings[0]


def test_pictures_in_the_content_of_a_text_are_told_apart_by_their_renditions():
    files = "".join(
        f'<remoteContent rendition="{rendition}" href="https://p.example/{name}.jpg" contenttype="image/jpeg"/>'
        for name, rendition in (("a", "rnd:thumb"), ("b", "rnd:web"), ("c", "rnd:thumb"), ("d", ""))
    )
    shown = newsml(rest=f"<contentSet>{files}</contentSet>").pictures
    names = [[file.href[-5] for file in picture.renditions] for picture in shown]
    assert names == [["a", "b"], ["c"], ["d"]]


def test_a_picture_without_a_file_that_can_be_had_is_named_to_the_editor():
    item = newsml(rest='<contentSet><remoteContent href="tag:a.it,2017:1.jpg" contenttype="image/jpeg"/></contentSet>')
    assert (item.pictures, item.warnings) == (
        (),
        ("A file of a picture has no address that can be read; it was left out.",),
    )


def test_a_picture_that_a_text_links_to_is_a_picture_of_it_and_others_stay_items():
    def item(name, kind, links=""):
        return f'<newsItem guid="{name}"><itemMeta><itemClass qcode="ninat:{kind}"/>{links}</itemMeta></newsItem>'

    link = '<link rel="irel:seeAlso" residref="p:1"/>'
    items = item("t:1", "text", link) + item("p:1", "picture") + item("p:2", "picture")
    found = detect.read(f"<newsMessage {NAR}><itemSet>{items}<conceptItem/></itemSet></newsMessage>".encode())
    assert [(each.guid, each.kind, [picture.guid for picture in each.pictures]) for each in found] == [
        ("t:1", Kind.TEXT, ["p:1"]),
        ("p:2", Kind.PICTURE, ["p:2"]),
    ]


def test_what_is_neither_text_nor_picture_is_kept_in_words_with_a_warning():
    assert "“video”" in newsml(kind="video").warnings[0]
    [event] = detect.read(b'{"uri": "a:1", "type": "event", "headline": "Summit"}')
    assert (event.kind, event.headline) == (Kind.TEXT, "Summit")
    assert "“event”" in event.warnings[0]


def test_a_composite_of_ninjs_with_a_text_is_a_text_and_one_without_holds_items():
    picture = {"uri": "p:1", "type": "picture", "renditions": {"main": {"href": "https://p.example/1.jpg"}}}
    text = {"uri": "t:1", "type": "text", "headline": "Inside", "body_text": "a"}
    mention = {"uri": "t:2", "type": "text", "headline": "Elsewhere"}
    document = {"uri": "c:1", "type": "composite", "associations": {"a": picture, "b": text, "c": mention}}
    package, inside = detect.read(json.dumps(document).encode())
    assert (package.kind, package.items, package.pictures[0].guid) == (Kind.COMPOSITE, ("t:1", "t:2"), "p:1")
    assert (inside.guid, inside.body) == ("t:1", (("paragraph", "a"),))
    [story] = detect.read(json.dumps({**document, "body_html": "<p>x</p>"}).encode())
    assert (story.kind, story.items) == (Kind.TEXT, ())


@pytest.mark.parametrize(
    ("bodies", "said"),
    [
        ({"body_text": "plain", "body_nitf": "<p>nitf</p>", "body_xhtml": "<p>marked</p>"}, "marked"),
        ({"body_text": "plain", "body_nitf": "<nitf><body.content><p>nitf</p></body.content></nitf>"}, "nitf"),
        ({"bodies": [{"value": "<p>guessed</p>"}]}, "guessed"),
        (
            {"bodies": [{"role": "ttnitf", "contenttype": "application/xml", "value": "<BODY>x"}, {"value": "plain"}]},
            "plain",
        ),
        ({"body_text": "a < b"}, "a &lt; b"),
    ],
)
def test_the_richest_text_that_can_be_read_is_taken(bodies, said):
    [item] = detect.read(json.dumps({"uri": "a:1", **bodies}).encode())
    assert item.body == (("paragraph", said),)


def test_a_description_is_the_text_of_rss_also_beside_a_picture():
    media = '<media:content xmlns:media="http://search.yahoo.com/mrss/" url="https://p.example/1.jpg"/>'
    [item] = detect.read(
        f"<rss><channel><item><title>One</title><description>All.</description>{media}</item></channel></rss>".encode()
    )
    assert (item.body, item.standfirst, len(item.pictures)) == ((("paragraph", "All."),), "", 1)


def test_an_item_of_rss_without_a_name_keeps_the_one_that_is_made_when_its_text_changes():
    def sent(title, text):
        item = (
            f"<title>{title}</title><pubDate>Thu, 30 May 2024 09:00:00 GMT</pubDate><description>{text}</description>"
        )
        return detect.read(f"<rss><channel><item>{item}</item></channel></rss>".encode())[0].guid

    assert sent("One", "a") == sent("One", "b") != sent("Two", "a")


def test_the_expiry_of_a_picture_that_cannot_be_read_is_told_to_the_editor():
    picture = {"uri": "p:1", "type": "picture", "name": "a", "expires": "in May", "renditions": []}
    [item] = detect.read(json.dumps({"uri": "a:1", "associations": [picture]}).encode())
    assert item.pictures[0].expires is None
    assert item.warnings == ("The time of the picture’s expiry, “in May”, cannot be read and was left out.",)


def test_rss_of_old_and_atom_with_a_namespace_are_feeds():
    old = (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        b'<channel rdf:about="https://a.example/"><title>A</title></channel>'
        b'<item rdf:about="https://a.example/1"><title>One</title><link>https://a.example/1</link></item></rdf:RDF>'
    )
    assert [(each.guid, each.headline) for each in detect.read(old)] == [("https://a.example/1", "One")]
    prefixed = b'<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:id>x:1</a:id><a:title>One</a:title></a:entry></a:feed>'
    assert [(each.guid, each.headline) for each in detect.read(prefixed)] == [("x:1", "One")]
