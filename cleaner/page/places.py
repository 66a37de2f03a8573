"""Where in a page's structure an element stands: what its tag, role and microdata say, a bit for each."""

from __future__ import annotations

from .names import Signature

PLACES: dict[str, str] = {
    "article": """
        article role=article itemtype=article itemtype=newsarticle itemtype=blogposting
        itemtype=reportagenewsarticle""",
    "main": "main role=main",
    "aside": "aside role=complementary role=note",
    "nav": """
        nav role=navigation menu role=menu role=menubar role=tablist itemtype=sitenavigationelement
        itemtype=breadcrumblist""",
    "header": "header role=banner itemtype=wpheader",
    "footer": "footer role=contentinfo itemtype=wpfooter",
    "form": "form fieldset role=form",
    "search": "search role=search itemtype=searchaction",
    "figure": "figure figcaption itemtype=imageobject",
    "table": "table role=table",
    "list": "ul ol role=list",
    "dl": "dl",
    "blockquote": "blockquote q itemtype=quotation",
    "section": "section",
    "address": "address",
    "button": "button role=button role=tab role=menuitem",
    "label": "label legend",
    "details": "details summary",
    "dialog": "dialog role=dialog role=alertdialog role=alert role=status",
    "time": "time itemprop=datepublished itemprop=datemodified itemprop=datecreated",
    "link": "a",
    "heading": "h1 h2 h3 h4 h5 h6 role=heading",
    "small": "small sup sub",
    "code": "pre code kbd samp",
    "body": """
        itemprop=articlebody itemprop=text itemprop=recipeinstructions itemprop=recipeingredient
        property=schema:text""",
    "headline": "itemprop=headline itemprop=name itemprop=alternativeheadline rel=bookmark",
    "description": "itemprop=description itemprop=abstract",
    "author": "itemprop=author itemtype=person rel=author itemprop=creator",
    "publisher": "itemprop=publisher itemtype=organization itemprop=copyrightholder",
    "comment": "itemprop=comment itemtype=comment itemtype=usercomments",
    "question": "itemtype=question itemtype=answer itemprop=acceptedanswer itemprop=suggestedanswer itemtype=qapage",
    "caption": "itemprop=caption itemprop=copyrightnotice caption",
    "keywords": "itemprop=keywords itemprop=articlesection rel=tag rel=category",
    "sponsored": "rel=sponsored",
    "nofollow": "rel=nofollow",
    "recipe": "itemtype=recipe itemtype=howto",
    "product": "itemtype=product itemtype=offer",
    "region": "role=region role=group role=presentation",
}  # fmt: skip

_BITS: dict[str, int] = {}
for _i, _things in enumerate(PLACES.values()):
    for _thing in _things.split():
        _BITS[_thing] = _BITS.get(_thing, 0) | 1 << _i


def tag_bit(tag: str) -> int:
    """What the tag alone says."""
    return _BITS.get(tag, 0)


def signature_places(signature: Signature) -> int:
    """What role, microdata and the relation of a link say."""
    bits = 0
    for name, value in signature:
        if name in ("role", "itemprop", "rel", "property"):
            for word in value.lower().split():
                bits |= _BITS.get(f"{name}={word}", 0)
        elif name == "itemtype":
            bits |= _BITS.get(f"itemtype={value.lower().rstrip('/').rsplit('/', 1)[-1]}", 0)
    return bits
